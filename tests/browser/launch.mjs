// The browser of the tests.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

/** Nothing but the page itself may go out; the rest keeps Chromium from calling home. */
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Chromium, or whatever the variable CHROMIUM names. */
export function launchChromium() {
  const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
    (place) => place && existsSync(place),
  );
  assert.ok(executablePath, "no Chromium is installed; CHROMIUM names one elsewhere");
  return chromium.launch({ executablePath, args: QUIET });
}
