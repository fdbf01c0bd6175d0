// Uses the page of `entrace serve` in headless Chromium as people do: drops captures, reads, saves, compares, with the
// mouse and with the keyboard alone, as wide as a desk and as narrow as a phone, light and dark. And as people do not:
// from the page of another site.
//
//     node tests/browser/serve.mjs ENTRACE [FOLDER FOR PICTURES]
//
// The browser is Chromium, or whatever the variable CHROMIUM names.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { launchChromium } from "./launch.mjs";
import { attack, startNeighbour } from "./stranger.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const fixtures = path.resolve(here, "../../fixtures");
const entrace = path.resolve(process.argv[2] ?? "target/debug/entrace");
const pictures = process.argv[3];
// A file of defaults may lie above.
process.env.ENTRACE_CONFIG = "";
const axe = readFileSync(path.join(here, "node_modules/axe-core/axe.min.js"), "utf8");

const FAILS = "third-party-cookies-blocked.v4.devtools-full.har";
const WORKS = "healthy-federated.v2.devtools-sanitized.har";
const OPEN = "no-session-iframe.v4.devtools-sanitized.har";
const LOCKED = "redirect-uri-mismatch.v4.saz-aes.saz";
const { password: PASSWORD } = JSON.parse(readFileSync(path.join(fixtures, LOCKED.replace(".saz-aes.saz", ".saz-aes.truth.json")), "utf8"));

const SCREENS = [
  { name: "desk", width: 1280, height: 800 },
  { name: "phone", width: 390, height: 844 },
];

const files = (page) => page.getByLabel("Choose recordings");
const fixture = (name) => path.join(fixtures, name);
const card = (page, name) => page.locator("#captures > li", { has: page.getByRole("heading", { name, exact: true }) });

const folder = mkdtempSync(path.join(tmpdir(), "entrace-"));
const browser = await launchChromium();
try {
  for (const screen of SCREENS) {
    for (const colorScheme of ["light", "dark"]) await look(screen, colorScheme);
  }
  await drops();
  await usesTheKeyboardAlone();
  await saves();
  await proposes();
  await compares();
  await opensWhatIsLocked();
  await cancels();
  await keepsOthersOut();
  console.log("the served page is in order");
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

/** Serves with the defaults of a file, lets a browser in, does something, and ends by the button of the page. */
async function visit({ defaults = "", ...options }, visitor) {
  const place = mkdtempSync(path.join(folder, "kept-"));
  const served = spawn(entrace, ["serve", "--no-open"], { env: { ...process.env, TMPDIR: place, ENTRACE_CONFIG: defaults }, stdio: ["ignore", "pipe", "ignore"] });
  const exit = new Promise((resolve) => served.on("exit", resolve));
  try {
    const address = await new Promise((resolve) => served.stdout.once("data", (line) => resolve(String(line).trim())));
    const context = await browser.newContext({ acceptDownloads: true, ...options });
    const page = await context.newPage();
    const noises = [];
    const listen = (page) => {
      page.on("console", (message) => noises.push(`console: ${message.text()}`));
      page.on("pageerror", (error) => noises.push(`error: ${error.message}`));
    };
    context.on("page", listen);
    listen(page);
    const origin = new URL(address).origin;
    context.on("request", (request) => {
      const to = request.url();
      if (!to.startsWith(`${origin}/`) && !to.startsWith(`blob:${origin}/`)) noises.push(`request: ${to}`);
    });
    await page.goto(address);
    await page.waitForURL(/\/[0-9a-f]{32}\/$/);
    assert.ok(!page.url().includes("token"), "the token stays in the address");
    await visitor({ page, context, noises });
    assert.deepEqual(noises, []);
    await page.bringToFront();
    await page.getByRole("button", { name: "Remove everything and end entrace" }).click();
    await page.getByText("entrace has ended").waitFor();
    assert.equal(await exit, 0);
    assert.deepEqual(readdirSync(place), [], "something was left behind");
    await context.close();
  } finally {
    served.kill();
  }
}

/** Chooses captures, and waits until all are read. */
async function choose(page, names) {
  await files(page).setInputFiles(names.map(fixture));
  for (const name of names) await card(page, path.basename(name)).locator(".verdict, form").first().waitFor();
}

/** What somebody makes of the page who cannot see it, or not well; WCAG 2.2 A and AA, and what is good practice. */
async function accessible(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const told = violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help}: ${target}`));
  assert.deepEqual(told, [], where);
}

/** Nothing sticks out, and everything can be told and reached. */
async function look({ name: screen, width, height }, colorScheme) {
  await visit({ viewport: { width, height }, colorScheme }, async ({ page }) => {
    const where = `${screen}, ${colorScheme}`;
    const excess = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    const fits = async (what) => {
      assert.equal(await excess(), 0, `${where}, ${what}: wider than the screen`);
      await accessible(page, `${where}, ${what}`);
      if (pictures) await page.screenshot({ path: path.join(pictures, `serve.${what}.${screen}.${colorScheme}.png`), fullPage: true });
    };
    await fits("empty");
    await choose(page, [FAILS]);
    await fits("one");
    writeFileSync(path.join(folder, "notes.json"), "{}");
    await files(page).setInputFiles([path.join(folder, "notes.json")]);
    await card(page, "notes.json").getByText("This is JSON but not a HAR").waitFor();
    await choose(page, [WORKS, OPEN, LOCKED]);
    const overview = page.getByRole("navigation", { name: "Overview" });
    await overview.getByRole("link", { name: OPEN }).click();
    assert.ok(await card(page, OPEN).evaluate((element) => element.matches(":target")), "the overview leads nowhere");
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    await fits("several");
  });
}

/** What is dropped on the page is read, says why it failed, and is still there when the page is loaded again. */
async function drops() {
  await visit({}, async ({ page }) => {
    const text = readFileSync(fixture(FAILS), "utf8");
    const data = await page.evaluateHandle((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "<b>login.har"));
      return data;
    }, text);
    await page.dispatchEvent("body", "dragover", { dataTransfer: data });
    assert.ok(await page.evaluate(() => document.body.classList.contains("over")));
    await page.dispatchEvent("body", "drop", { dataTransfer: data });
    const dropped = card(page, "<b>login.har");
    await dropped.getByRole("heading", { name: "Verdict: failing" }).waitFor();
    await dropped.getByRole("heading", { name: "AADSTS50058 A silent sign-in found nobody signed in" }).waitFor();
    await dropped.getByText("The cause is third-party-cookies-blocked.").waitFor();
    assert.equal(await page.locator("#said").textContent(), "<b>login.har: failing; AADSTS50058 third-party-cookies-blocked.");
    await page.reload();
    await dropped.getByRole("heading", { name: "Verdict: failing" }).waitFor();
    await dropped.getByRole("button", { name: "Remove" }).click();
    await dropped.waitFor({ state: "detached" });
    assert.ok(await files(page).evaluate((input) => input === document.activeElement), "the focus is lost");
    await page.reload();
    await page.waitForLoadState("networkidle");
    assert.equal(await page.locator("#captures > li").count(), 0);
  });
}

/** From the address to the evidence and back to the ticket, without a mouse. */
async function usesTheKeyboardAlone() {
  await visit({ permissions: ["clipboard-read", "clipboard-write"] }, async ({ page, context }) => {
    const focused = (page) => page.evaluate(() => document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent);
    const tabTo = async (page, text) => {
      for (let presses = 0; presses < 40; presses += 1) {
        await page.keyboard.press("Tab");
        if ((await focused(page)).includes(text)) return;
      }
      assert.fail(`the keyboard does not get to “${text}”`);
    };
    // Dialogs are caught from the first listener on, which the browser is told of behind the scenes: early enough here.
    page.on("filechooser", () => {});
    await tabTo(page, "To the captures");
    await tabTo(page, "Choose recordings");
    // The dialog that Space opens is the system's own.
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Space")]);
    await chooser.setFiles([fixture(FAILS)]);
    await card(page, FAILS).locator(".verdict").waitFor();
    await tabTo(page, "Read the whole report");
    const [report] = await Promise.all([context.waitForEvent("page"), page.keyboard.press("Enter")]);
    await report.waitForLoadState();
    await tabTo(report, "Exchange #35");
    await report.keyboard.press("Enter");
    assert.ok(await report.locator(".statements .exchange").first().isVisible(), "the evidence stays folded");
    await report.close();
    await tabTo(page, "Copy for the ticket");
    await page.keyboard.press("Enter");
    await page.getByText("Copied.").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^AADSTS50058, a silent sign-in found nobody signed in\./);
    assert.match(copied, /^Correlation id: [0-9a-f-]{36}$/m);
    await tabTo(page, "Save all for a ticket");
    const [saved] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    assert.match(saved.suggestedFilename(), /\.ticket\.zip$/);
  });
}

/** What is saved is what `entrace redact` makes with the same options. */
async function saves() {
  await visit({}, async ({ page }) => {
    await choose(page, [FAILS]);
    const reference = path.join(folder, "reference.har");
    for (const options of [[], ["--strict", "--hide-tenant"]]) {
      if (options.length > 0) {
        await page.getByText("What is replaced, and what not").click();
        await page.getByLabel("Also replace the domains").check();
        await page.getByLabel("Also replace the ids").check();
      }
      const button = page.getByRole("button", { name: "Save the redacted HAR alone" });
      const [saved] = await Promise.all([page.waitForEvent("download"), button.click()]);
      const target = path.join(folder, saved.suggestedFilename());
      await saved.saveAs(target);
      await page.getByText(/^Saved as .*redacted\.har: \d+ values replaced\.$/).waitFor();
      assert.equal(spawnSync(entrace, ["redact", fixture(FAILS), "--output", reference, ...options]).status, 0);
      assert.ok(readFileSync(target).equals(readFileSync(reference)), `saved with ${options}, it is another file`);
    }
  });
}

/** The page begins with what a file of defaults says of redaction. */
async function proposes() {
  const defaults = path.join(folder, "entrace.toml");
  writeFileSync(defaults, "[redact]\nstrict = true\nhide-tenant = true\n");
  await visit({ defaults }, async ({ page }) => {
    await choose(page, [FAILS]);
    await page.getByText("What is replaced, and what not").click();
    const chosen = await page.getByRole("checkbox").evaluateAll((boxes) => boxes.filter((box) => box.checked).map((box) => box.name));
    assert.deepEqual(chosen, ["strict", "hide-tenant"]);
    const button = page.getByRole("button", { name: "Save the redacted HAR alone" });
    const [saved] = await Promise.all([page.waitForEvent("download"), button.click()]);
    const [target, reference] = ["proposed.har", "strict.har"].map((name) => path.join(folder, name));
    await saved.saveAs(target);
    assert.equal(spawnSync(entrace, ["redact", fixture(FAILS), "--output", reference, "--config", defaults]).status, 0);
    assert.ok(readFileSync(target).equals(readFileSync(reference)), "what is proposed is not what is saved");
  });
}

/** One that works and one that fails are proposed, and where they part is told. */
async function compares() {
  await visit({}, async ({ page, context }) => {
    assert.ok(await page.locator("#comparing").isHidden());
    await choose(page, ["pairs/browsers.failing.har", "pairs/browsers.working.har"]);
    const chosen = (label) => page.getByLabel(label).evaluate((select) => select.selectedOptions[0].textContent);
    assert.equal(await chosen("This one works"), "browsers.working.har (healthy)");
    assert.equal(await chosen("This one fails"), "browsers.failing.har (failing)");
    const [compared] = await Promise.all([context.waitForEvent("page"), page.getByRole("button", { name: "Compare" }).click()]);
    await compared.waitForLoadState();
    const text = await compared.locator("body").textContent();
    assert.ok(text.includes("Outcome: explained") && text.includes("withholds the sign-in service's cookies"), text);
    await accessible(compared, "a comparison");
    if (pictures) await compared.screenshot({ path: path.join(pictures, "serve.compared.png"), fullPage: true });
    await compared.close();
    await page.getByLabel("This one works").selectOption("browsers.failing.har (failing)");
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByText("Choose two different captures.").waitFor();
  });
}

async function opensWhatIsLocked() {
  await visit({}, async ({ page }) => {
    await choose(page, [LOCKED]);
    await page.getByLabel("Password").fill("not this one");
    await page.keyboard.press("Enter");
    await card(page, LOCKED).getByText("The password does not open this archive").waitFor();
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await card(page, LOCKED).getByText("AADSTS50011").waitFor();
    assert.ok(!(await page.content()).includes(PASSWORD));
  });
}

/** What is on its way can be cancelled; the rest goes on. */
async function cancels() {
  await visit({}, async ({ page, context }) => {
    const large = path.join(folder, "large.har");
    writeFileSync(large, Buffer.alloc(20 << 20, " "));
    const network = await context.newCDPSession(page);
    const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 1 << 20 };
    await network.send("Network.emulateNetworkConditions", slow);
    await files(page).setInputFiles([large, fixture(WORKS)]);
    await page.waitForFunction(() => document.querySelector("progress")?.value > 0.02);
    await card(page, "large.har").getByRole("button", { name: "Cancel" }).click();
    assert.equal(await card(page, "large.har").count(), 0);
    await card(page, WORKS).getByText("Verdict: healthy").waitFor();
    await network.detach();
    await page.reload();
    await card(page, WORKS).getByText("Verdict: healthy").waitFor();
    assert.equal(await page.locator("#captures > li").count(), 1);
  });
}

/** The page of another site, or of another server on this machine, reaches nothing and learns nothing. */
async function keepsOthersOut() {
  await visit({}, async ({ page, context, noises }) => {
    await choose(page, [FAILS]);
    const target = page.url();
    const neighbour = await startNeighbour();
    const capture = await page.evaluate(() => fetch("captures").then((answer) => answer.json()).then(({ captures }) => captures[0].id));
    for (const address of neighbour.addresses) {
      const other = await context.newPage();
      await other.goto(address);
      assert.deepEqual(await other.evaluate(attack, [target, capture]), ["refused", "refused", "refused", "refused"], address);
      await other.close();
    }
    neighbour.end();
    assert.ok(neighbour.heard.every((cookie) => cookie === undefined), "the cookie was sent to another server");
    await page.reload();
    await card(page, FAILS).locator(".verdict").waitFor();
    assert.equal(await page.locator("#captures > li").count(), 1);
    // What browsers say of what they refuse is expected here.
    noises.length = 0;
  });
}
