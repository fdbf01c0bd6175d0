// Uses the page of `entrace serve` in headless Firefox: chooses captures, reads, saves, compares, and tries the same from
// the page of another site. It speaks WebDriver BiDi, which the Firefox of every system understands.
//
//     node --experimental-websocket tests/browser/firefox.mjs ENTRACE [FOLDER FOR PICTURES]
//
// The browser is Debian's Firefox, or whatever the variable FIREFOX names.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { attack, startNeighbour } from "./stranger.mjs";

const fixtures = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../fixtures");
const entrace = path.resolve(process.argv[2] ?? "target/debug/entrace");
const pictures = process.argv[3];
const FAILS = "third-party-cookies-blocked.v4.devtools-full.har";
const WORKS = "healthy-federated.v2.devtools-sanitized.har";

/** How long anything may take, in milliseconds. */
const PATIENCE = 60_000;

const firefox = [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"].find((place) => place && existsSync(place));
assert.ok(firefox, "no Firefox is installed; FIREFOX names one elsewhere");

const folder = mkdtempSync(path.join(tmpdir(), "entrace-"));
const saved = path.join(folder, "saved");
const profile = path.join(folder, "profile");
[saved, profile].forEach((place) => mkdirSync(place));
const preferences = { "browser.download.folderList": 2, "browser.download.dir": saved, "browser.download.alwaysOpenPanel": false };
const lines = Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
writeFileSync(path.join(profile, "user.js"), lines.join(""));

const served = spawn(entrace, ["serve", "--no-open"], {
  env: { ...process.env, ENTRACE_CONFIG: "" },
  stdio: ["ignore", "pipe", "ignore"],
});
const exit = new Promise((resolve) => served.on("exit", resolve));
const browser = spawn(firefox, ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"], {
  env: { ...process.env, HOME: folder },
  stdio: ["ignore", "ignore", "pipe"],
});
try {
  const address = await new Promise((resolve) => served.stdout.once("data", (line) => resolve(String(line).trim())));
  await journey(address, await connect());
  console.log("the served page is in order in Firefox");
} finally {
  served.kill();
  const gone = new Promise((resolve) => browser.on("exit", resolve));
  browser.kill();
  await gone;
  rmSync(folder, { recursive: true, maxRetries: 5 });
}

/** A function that sends a command to the browser. */
async function connect() {
  const place = await new Promise((resolve, reject) => {
    let said = "";
    browser.stderr.on("data", (text) => {
      said += text;
      const found = /listening on (ws:\S+)/.exec(said);
      if (found) resolve(found[1]);
    });
    browser.on("exit", () => reject(new Error(`Firefox ended: ${said}`)));
  });
  const socket = new WebSocket(`${place}/session`);
  await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: reject }));
  const answers = new Map();
  socket.onmessage = ({ data }) => {
    const { id, result, error, message } = JSON.parse(data);
    const answer = answers.get(id);
    if (error) answer?.reject(new Error(`${error}: ${message}`));
    else answer?.resolve(result);
  };
  let last = 0;
  const send = (method, params) =>
    new Promise((resolve, reject) => {
      answers.set((last += 1), { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  await send("session.new", { capabilities: {} });
  return send;
}

async function journey(address, send) {
  const open = async () => (await send("browsingContext.create", { type: "tab" })).context;
  const go = (context, url) => send("browsingContext.navigate", { context, url, wait: "complete" });
  /** Runs a function in a page, as if somebody had just pressed a key there. */
  const run = async (context, work, ...values) => {
    const expression = `(${work})(...${JSON.stringify(values)}).then((value) => JSON.stringify(value ?? null))`;
    const answer = await send("script.evaluate", { expression, target: { context }, awaitPromise: true, userActivation: true });
    assert.equal(answer.type, "success", JSON.stringify(answer.exceptionDetails?.text));
    return JSON.parse(answer.result.value);
  };
  const until = async (told, done) => {
    for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
      const found = await done().catch(() => null);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return assert.fail(`in vain: ${told}`);
  };
  const press = (context, label) => run(context, async (label) => [...document.querySelectorAll("button, a")].find((one) => one.textContent.startsWith(label)).click(), label);
  const text = (context) => run(context, async () => document.body.innerText);
  const shows = (context, part) => until(part, async () => (await text(context)).includes(part));

  const page = await open();
  await go(page, address);
  const target = await until("the page", async () => {
    const place = await run(page, async () => location.href);
    return /\/[0-9a-f]{32}\/$/.test(place) && place;
  });
  const input = await until("the field", async () => (await send("browsingContext.locateNodes", { context: page, locator: { type: "css", value: "#files" } })).nodes[0]);
  await send("input.setFiles", { context: page, element: { sharedId: input.sharedId }, files: [FAILS, WORKS].map((name) => path.join(fixtures, name)) });
  await shows(page, "The cause is third-party-cookies-blocked.");
  await shows(page, "Verdict: healthy");
  if (pictures) {
    const { data } = await send("browsingContext.captureScreenshot", { context: page, origin: "document" });
    writeFileSync(path.join(pictures, "serve.firefox.png"), Buffer.from(data, "base64"));
  }

  // What opens in a tab of its own.
  const tabs = async () => (await send("browsingContext.getTree", {})).contexts;
  const opened = (ending) => until(ending, async () => (await tabs()).find(({ url }) => url.includes(ending))?.context);
  await press(page, "Read the whole report");
  const report = await opened("/report");
  await until("the evidence", () =>
    run(report, async () => {
      const exchange = document.querySelector(".statements details");
      exchange.querySelector("summary").click();
      return exchange.open && exchange.querySelector(".exchange").checkVisibility();
    }),
  );
  await send("browsingContext.close", { context: report });
  await press(page, "Compare");
  const compared = await opened("/comparison");
  await shows(compared, WORKS);
  await shows(compared, FAILS);
  await send("browsingContext.close", { context: compared });

  await press(page, "Save the redacted HAR alone");
  await until("the saved file", async () => readdirSync(saved).some((name) => name.endsWith(".redacted.har")));

  const neighbour = await startNeighbour();
  const capture = await run(page, async () => (await (await fetch("captures")).json()).captures[0].id);
  for (const stranger of neighbour.addresses) {
    const other = await open();
    await go(other, stranger);
    assert.deepEqual(await run(other, attack, [target, capture]), ["refused", "refused", "refused", "refused"], stranger);
    await send("browsingContext.close", { context: other });
  }
  neighbour.end();
  assert.ok(neighbour.heard.every((cookie) => cookie === undefined), "the cookie was sent to another server");
  assert.equal(await run(page, async () => (await (await fetch("captures")).json()).captures.length), 2);

  await press(page, "Remove everything and end entrace");
  await shows(page, "entrace has ended");
  assert.equal(await exit, 0);
}
