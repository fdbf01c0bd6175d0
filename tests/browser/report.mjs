// Opens the HTML reports of labelled captures in headless Chromium, as wide as a desk and as narrow as a phone, light
// and dark, with and without script, and on paper: nothing may be requested, nothing complain, nothing stick out.
//
//     node tests/browser/report.mjs ENTRACE [FOLDER FOR PICTURES]
//
// The browser is Chromium, or whatever the variable CHROMIUM names.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launchChromium } from "./launch.mjs";

const fixtures = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../fixtures");
const entrace = path.resolve(process.argv[2] ?? "target/debug/entrace");
const pictures = process.argv[3];

/** One capture of each cause or verdict. */
const CAPTURES = [
  "third-party-cookies-blocked.v4.devtools-full.har",
  "third-party-cookies-blocked-refresh-expired.v2.devtools-full.har",
  "no-session-iframe.v4.devtools-sanitized.har",
  "undetermined-top-level.v4.devtools-sanitized.har",
  "requested-session-missing.v4.devtools-full.har",
  "conflicting-sessions.v4.devtools-full.har",
  "external-refresh-token-missing.v4.devtools-full.har",
  "redirect-uri-mismatch.v4.devtools-sanitized.har",
  "client-secret-invalid.node.mitm.har",
  "saml-request-invalid-75011.devtools-sanitized.har",
  "sign-in-loop.v4.devtools-sanitized.har",
  "iframe-refused-to-load.v4.devtools-sanitized.har",
  "wrong-tenant-token.v2.devtools-full.har",
  "two-failures.v4.devtools-sanitized.har",
  "healthy-federated.v2.devtools-sanitized.har",
  "handled-interaction-required.v4.devtools-sanitized.har",
  "no-entra-traffic.devtools-sanitized.har",
];

const SCREENS = [
  { name: "desk", width: 1280, height: 800 },
  { name: "phone", width: 390, height: 844 },
];

/** A4 between margins of 1 cm, at 96 pixels an inch. */
const PAPER = { width: 718, height: 1047 };

const folder = mkdtempSync(path.join(tmpdir(), "entrace-"));
const reports = CAPTURES.map((capture) => report(capture, [capture]));
reports.push(report("all", readdirSync(fixtures).filter((name) => name.endsWith(".har"))));

const browser = await launchChromium();
try {
  for (const { name, address } of reports) {
    for (const screen of SCREENS) {
      for (const colorScheme of ["light", "dark"]) await look(name, address, screen, colorScheme);
    }
    await readWithoutScript(name, address);
  }
  await copies(reports[0].address);
  await unfolds(reports[0].address);
  console.log(`${reports.length} reports are in order`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

/** Writes a report. */
function report(name, captures) {
  const file = path.join(folder, `${name}.html`);
  const done = spawnSync(entrace, ["diagnose", "--format", "html", "--output", file, ...captures], {
    cwd: fixtures,
    encoding: "utf8",
    env: { ...process.env, ENTRACE_CONFIG: "" },
  });
  assert.ok(done.status === 0 || done.status === 1, `${name}: entrace ended with ${done.status} ${done.error ?? done.stderr}`);
  return { name, address: pathToFileURL(file).href };
}

/** Opens a report and gives what was requested and complained of beside it. */
async function open(address, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const noises = [];
  page.on("console", (message) => noises.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => noises.push(`error: ${error.message}`));
  page.on("request", (request) => request.url().split("#")[0] === address || noises.push(`request: ${request.url()}`));
  await page.goto(address, { waitUntil: "load" });
  return { context, page, noises };
}

/** Nothing sticks out, folded and unfolded, and every text can be told from its background. */
async function look(name, address, { name: screen, width, height }, colorScheme) {
  const { context, page, noises } = await open(address, { viewport: { width, height }, colorScheme });
  const where = `${name}, ${screen}, ${colorScheme}`;
  const excess = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(await excess(), 0, `${where}: wider than the screen`);
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.${screen}.${colorScheme}.png`), fullPage: true });
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  assert.equal(await excess(), 0, `${where}, unfolded: wider than the screen`);
  assert.deepEqual(await page.evaluate(faint), [], `${where}: too little contrast (WCAG 2.2, 1.4.3)`);
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize(PAPER);
  assert.equal(await excess(), 0, `${where}, printed: wider than the page`);
  assert.deepEqual(noises, [], where);
  await context.close();
}

/** The texts whose contrast is below 4.5:1. Runs in the page. */
function faint() {
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [red, green, blue] = channels(color).map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if ((channels(color)[3] ?? 1) > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) continue;
    const [light, dark] = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((a, b) => b - a);
    if ((light + 0.05) / (dark + 0.05) < 4.5) found.add(`${element.tagName} ${element.className}`);
  }
  return [...found];
}

/** Without script the same can be read; only the button is missing. */
async function readWithoutScript(name, address) {
  const { context, page, noises } = await open(address, { javaScriptEnabled: false });
  assert.equal(await page.locator("button:visible").count(), 0, `${name}: a button that does nothing`);
  const tickets = page.locator(".ticket pre");
  if ((await tickets.count()) > 0) {
    await page.locator(".ticket summary", { hasText: "As plain text" }).first().click();
    assert.ok(await tickets.first().isVisible(), `${name}: the text for the ticket stays folded`);
  }
  assert.deepEqual(noises, [], `${name}, without script`);
  await context.close();
}

/** The button puts the text for the ticket on the clipboard, by keyboard too. */
async function copies(address) {
  const { context, page, noises } = await open(address, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.locator("button").first().focus();
  await page.keyboard.press("Enter");
  await page.locator("[role=status]", { hasText: "Copied." }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, await page.locator(".ticket pre").first().textContent());
  assert.match(copied, /^Correlation id: [0-9a-f-]{36}$/m);
  assert.deepEqual(noises, []);
  await context.close();
}

/** A step unfolds by keyboard, and a link to a folded one unfolds it. */
async function unfolds(address) {
  const { context, page } = await open(address, {});
  const step = page.locator(".picture details").last();
  await step.locator("summary").focus();
  await page.keyboard.press("Enter");
  assert.ok(await step.locator(".exchange").isVisible(), "a step stays folded");
  await page.locator(".broke a").first().click();
  assert.match(page.url(), /#c1-f1$/);
  await context.close();
}
