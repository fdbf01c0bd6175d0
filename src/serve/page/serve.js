"use strict";
// Takes in what is dropped, and shows what entrace says of it. Whatever comes from a capture is set as text, never as
// markup.

/** How many captures are sent at once; the others wait. */
const AT_ONCE = 3;

const list = document.getElementById("captures");
const said = document.getElementById("said");
const trouble = document.getElementById("trouble");

/** What is known of each capture on the page, by its element. */
const shown = new Map();
/** Those that have not begun. */
const waiting = [];
let sending = 0;
/** The most that is taken of one capture, in bytes. */
let most = Infinity;

/** An element with its properties and what is in it. */
function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Text that only those hear who do not see what it belongs to. */
const aside = (text) => make("span", { className: "aside" }, text);

/** Says something to those who do not see the page. */
function say(text) {
  said.textContent = text;
}

/** Says what keeps the page from working. */
function complain(text) {
  trouble.textContent = text;
  trouble.hidden = !text;
}

const GONE = "entrace does not answer: it has ended, or was started anew. Start it again, and use the address that it prints.";

/** Asks entrace. What it refuses is an error with its own words. */
async function ask(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch {
    complain(GONE);
    throw new Error("entrace does not answer");
  }
  if (!response.ok) throw new Error(await problemOf(response));
  return response;
}

async function problemOf(response) {
  try {
    return (await response.json()).problem;
  } catch {
    return `entrace answered with ${response.status}`;
  }
}

// Taking in.

function add(files) {
  const before = list.firstChild;
  for (const file of files) {
    const element = make("li");
    list.insertBefore(element, before);
    const entry = { element, file, name: file.name };
    shown.set(element, entry);
    waits(entry, "Waiting for its turn.");
    waiting.push(entry);
  }
  if (files.length > 0) say(files.length === 1 ? `${files[0].name} is being read.` : `${files.length} captures are being read.`);
  next();
}

function next() {
  while (sending < AT_ONCE && waiting.length > 0) {
    sending += 1;
    send(waiting.shift());
  }
}

function ended() {
  sending -= 1;
  next();
}

function send(entry) {
  if (entry.file.size > most) {
    refused(entry, `It is larger than ${Math.round(most / 2 ** 30)} GiB; cut it down to the sign-in.`);
    ended();
    return;
  }
  const request = new XMLHttpRequest();
  entry.request = request;
  const { bar, line } = waits(entry, "Taking it in …");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    line.textContent = "Reading it …";
  });
  request.addEventListener("load", () => {
    let answer = null;
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      // What is no answer of entrace's is told by its status.
    }
    if (request.status === 201 && answer) {
      read(entry, answer);
      announce(entry);
    } else {
      refused(entry, answer?.problem ?? `entrace answered with ${request.status}`);
    }
    ended();
  });
  request.addEventListener("error", () => {
    refused(entry, "It could not be sent: the file cannot be read (a folder cannot; drop the files in it), or entrace has ended.");
    ended();
  });
  request.addEventListener("abort", ended);
  request.open("POST", "captures");
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.setRequestHeader("Entrace-Name", encodeURIComponent(entry.name.toWellFormed?.() ?? entry.name));
  request.send(entry.file);
}

function cancel(entry) {
  const place = waiting.indexOf(entry);
  if (place >= 0) waiting.splice(place, 1);
  entry.request?.abort();
  drop(entry);
  say(`${entry.name} was cancelled.`);
}

// Showing.

/** The head of a capture: its name, and the one thing that can be done with all of it. */
function head(entry, text, action) {
  const button = make("button", { type: "button", className: "plain", onclick: action }, text, aside(` ${entry.name}`));
  return make("div", { className: "top" }, make("h3", { className: "path" }, entry.name), button);
}

/** A capture that is on its way. */
function waits(entry, text) {
  const bar = make("progress", { max: 1, "aria-label": `Progress of ${entry.name}` });
  const line = make("span", {}, text);
  const waits = make("p", {}, bar, " ", line);
  entry.element.replaceChildren(head(entry, "Cancel", () => cancel(entry)), make("div", { className: "waits" }, waits));
  return { bar, line };
}

/** A capture that was not taken. */
function refused(entry, problem) {
  const again = () => {
    waits(entry, "Waiting for its turn.");
    waiting.push(entry);
    next();
  };
  entry.element.replaceChildren(
    head(entry, "Dismiss", () => drop(entry)),
    make("p", { className: "problem" }, capital(problem)),
    make("p", {}, make("button", { type: "button", onclick: again }, "Try again")),
  );
  say(`${entry.name}: ${problem}`);
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");

/** A capture that was read. */
function read(entry, answer) {
  entry.answer = answer;
  entry.name = answer.name;
  const parts = [head(entry, "Remove", () => remove(entry))];
  if (answer.locked) parts.push(lock(entry));
  else {
    parts.push(...answer.captures.map((card) => cardOf(card, answer)));
    if (answer.readable) parts.push(tools(entry), leaving(entry));
  }
  entry.element.replaceChildren(...parts);
  overview();
}

/** A failure by its code and cause. */
const inShort = (failure) => [failure.code, failure.cause].filter(Boolean).join(" ");

function announce(entry) {
  const { answer } = entry;
  if (answer.locked) return say(`${entry.name}: ${answer.locked} It needs its password.`);
  const told = answer.captures.map((card) => {
    const failures = card.failures.map(inShort);
    return [card.verdict, ...failures].join("; ");
  });
  say(`${entry.name}: ${told.join(". ")}.`);
}

/** What one capture comes to. */
function cardOf(card, answer) {
  const verdict = make(
    "div",
    { className: `verdict ${card.tone}` },
    make("h4", {}, "Verdict: ", make("strong", {}, card.verdict)),
    make("p", {}, capital(card.reason)),
  );
  const name = card.path === answer.name ? null : make("p", { className: "path" }, card.path);
  const recorder = card.recorder && make("p", { className: "recorder" }, card.recorder);
  const more = card.more > 0 ? make("p", {}, `and ${card.more} more, in the report`) : null;
  return make("div", { className: "card" }, name, recorder, verdict, ...card.failures.map(told), more);
}

/** A failure: what, why, and what to do. */
function told(failure) {
  const by = new Map();
  for (const { who, action } of failure.fixes) by.set(who, [...(by.get(who) ?? []), action]);
  const fixes = [...by].map(([who, actions]) => make("div", {}, make("dt", {}, who), ...actions.map((action) => make("dd", {}, action))));
  const toDo = fixes.length > 0 ? [make("h5", {}, "What to do"), make("dl", { className: "facts fixes" }, ...fixes)] : [];
  // Where the cause is open, what to record next comes before anything else.
  const next = failure.confidence === "certain" ? null : make("p", { className: "next" }, make("strong", {}, "Next: "), failure.next);
  return make(
    "div",
    { className: "told" },
    make("h4", {}, make("span", { className: "bad" }, failure.code ?? "No error code:"), ` ${failure.title}`),
    make("p", { className: "cause" }, failure.told),
    make("p", {}, failure.summary),
    next,
    ...toDo,
  );
}

/** What can be done here with a capture that was read. */
function tools(entry) {
  const { answer } = entry;
  const status = make("span", { role: "status" });
  const copied = make("div", { className: "copied" });
  const tickets = answer.captures.flatMap((card) => card.failures.map((failure) => failure.ticket));
  const open = make("a", { className: "button", href: `captures/${answer.id}/report`, target: "_blank", rel: "noopener" });
  open.append("Read the whole report", aside(` of ${answer.name} (opens in a new tab)`));
  const forTicket = () => copy(tickets.join("\n\n"), status, copied);
  const asMarkdown = async () => {
    try {
      await copy(await (await ask(`captures/${answer.id}/markdown`)).text(), status, copied);
    } catch (error) {
      status.textContent = capital(error.message);
    }
  };
  const buttons = [
    tickets.length > 0 ? make("button", { type: "button", onclick: forTicket }, "Copy for the ticket", aside(` (${answer.name})`)) : null,
    make("button", { type: "button", className: "plain", onclick: asMarkdown }, "Copy the report as Markdown", aside(` (${answer.name})`)),
  ];
  return make("div", {}, make("p", { className: "tools" }, open, ...buttons.filter(Boolean)), status, copied);
}

/** Puts text on the clipboard; without leave to do that it is shown and selected. */
async function copy(text, status, place) {
  place.replaceChildren();
  try {
    await navigator.clipboard.writeText(text);
    status.textContent = "Copied.";
  } catch {
    const area = make("textarea", { readOnly: true, value: text, "aria-label": "Text to copy" });
    place.append(area);
    area.select();
    status.textContent = "Selected: copy it with the keyboard.";
  }
}

/** The options of `entrace redact`, in words. */
const OPTIONS = [
  ["strict", "Also replace the domains of e-mail addresses"],
  ["hide-tenant", "Also replace the ids and domains of tenants, and the ids of applications"],
  ["keep-bodies", "Keep the bodies of traffic that has nothing to do with signing in, and look through them"],
];

/** Those that are chosen to begin with. */
const PROPOSED = document.body.dataset.redact.split(" ");

/** What can be saved to be sent on. */
function leaving(entry) {
  const { answer } = entry;
  const title = make("h4", {}, "To send it on");
  if (answer.captures.length > 1) {
    return make("div", { className: "leaving" }, title, make("p", { className: "note" }, "Unpack this archive and drop the recording that is meant."));
  }
  const status = make("p", { role: "status" });
  const options = make(
    "fieldset",
    {},
    make("legend", { className: "aside" }, "What is replaced"),
    ...OPTIONS.map(([name, text]) => make("label", {}, make("input", { type: "checkbox", name, checked: PROPOSED.includes(name) }), make("span", {}, text))),
  );
  const chosen = () => [...options.querySelectorAll("input:checked")].map((box) => box.name).join("&");
  const saves = (what, text, plain) => {
    const button = make("button", { type: "button", className: plain ? "plain" : "" }, text, aside(` (${answer.name})`));
    button.addEventListener("click", async () => {
      if (button.ariaDisabled === "true") return;
      button.ariaDisabled = "true";
      status.className = "";
      status.textContent = "Making it, and looking through it again …";
      try {
        await save(`captures/${answer.id}/${what}?${chosen()}`, status);
      } catch (error) {
        status.className = "problem";
        status.textContent = capital(error.message);
      }
      button.ariaDisabled = "false";
    });
    return button;
  };
  return make(
    "div",
    { className: "leaving" },
    title,
    make("p", { className: "note" }, "The zip and the HAR hold no password, code, token, cookie value or name. The recording that you dropped does: do not send that."),
    make("p", { className: "tools" }, saves("bundle", "Save all for a ticket (zip)"), saves("redacted", "Save the redacted HAR alone", true)),
    status,
    make("details", {}, make("summary", {}, "What is replaced, and what not"), options),
  );
}

/** Saves what entrace makes of a capture. */
async function save(address, status) {
  const response = await ask(address);
  const name = /filename="([^"]*)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "entrace";
  const place = URL.createObjectURL(await response.blob());
  make("a", { href: place, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(place), 60_000);
  const replaced = Number(response.headers.get("Entrace-Replaced"));
  status.textContent = `Saved as ${name}: ${replaced} ${replaced === 1 ? "value" : "values"} replaced.`;
}

/** Asks for the password of an archive. */
function lock(entry) {
  const { answer } = entry;
  const field = make("input", { type: "password", id: `password-${answer.id}`, autocomplete: "off", required: true });
  const problem = make("p", { className: "problem", role: "status" });
  const unlock = async (event) => {
    event.preventDefault();
    problem.textContent = "Reading it …";
    try {
      const response = await ask(`captures/${answer.id}/password`, { method: "POST", body: field.value });
      read(entry, await response.json());
      announce(entry);
      const next = entry.element.querySelector(entry.answer.locked ? "input" : "a.button, button");
      next?.focus();
    } catch (error) {
      problem.textContent = capital(error.message);
    }
  };
  return make(
    "form",
    { className: "waits", onsubmit: unlock },
    make("p", {}, capital(answer.locked)),
    make("p", {}, make("label", { htmlFor: field.id }, "Password "), field, " ", make("button", { type: "submit" }, "Open")),
    problem,
  );
}

function drop(entry) {
  const next = entry.element.nextElementSibling ?? entry.element.previousElementSibling;
  entry.element.remove();
  shown.delete(entry.element);
  overview();
  // The button that was pressed is gone: whoever uses the keyboard goes on beside it.
  (next?.querySelector("button, a") ?? document.getElementById("files")).focus();
}

async function remove(entry) {
  try {
    await ask(`captures/${entry.answer.id}`, { method: "DELETE" });
    drop(entry);
    say(`${entry.name} was removed.`);
  } catch (error) {
    say(error.message);
  }
}

/** What is on the page, in its order. */
const inOrder = () => [...list.children].map((element) => shown.get(element)).filter((entry) => entry?.answer);

/** What concerns several captures. */
function overview() {
  listAll();
  offerComparison();
}

/** Many captures are listed before they are told. */
function listAll() {
  const entries = inOrder();
  const items = entries.flatMap(({ element, answer }) =>
    answer.captures.map((card) => {
      element.id = `capture-${answer.id}`;
      const failures = card.failures.map((failure) => make("li", {}, inShort(failure)));
      const verdict = make("strong", { className: answer.locked ? "doubtful" : card.tone }, answer.locked ? "encrypted" : card.verdict);
      return make("li", {}, make("a", { href: `#${element.id}` }, card.path), " ", verdict, failures.length > 0 ? make("ul", {}, ...failures) : null);
    }),
  );
  document.querySelector("#overview ol").replaceChildren(...items);
  document.getElementById("overview").hidden = items.length < 3;
}

/** Two that were read can be compared. */
function offerComparison() {
  const readable = inOrder().filter(({ answer }) => answer.readable && !answer.locked && answer.captures.length === 1);
  const choices = [
    ["working", "good"],
    ["failing", "bad"],
  ];
  for (const [id, tone] of choices) {
    const select = document.getElementById(id);
    // What somebody chose stays; what was proposed gives way to what fits better.
    const chosen = select.dataset.chosen;
    const options = readable.map(({ answer }) => make("option", { value: answer.id }, `${answer.name} (${answer.captures[0].verdict})`));
    const best = readable.find(({ answer }) => answer.captures[0].tone === tone) ?? readable.at(id === "working" ? 0 : -1);
    select.replaceChildren(...options);
    select.value = readable.some(({ answer }) => answer.id === chosen) ? chosen : (best?.answer.id ?? "");
  }
  document.getElementById("comparing").hidden = readable.length < 2;
}

for (const id of ["working", "failing"]) {
  document.getElementById(id).addEventListener("change", ({ target }) => (target.dataset.chosen = target.value));
}
document.querySelector("#comparing form").addEventListener("submit", (event) => {
  const same = document.getElementById("working").value === document.getElementById("failing").value;
  document.getElementById("comparing-problem").textContent = same ? "Choose two different captures." : "";
  if (same) event.preventDefault();
});

// The page.

document.getElementById("files").addEventListener("change", (event) => {
  add([...event.target.files]);
  event.target.value = "";
});

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  document.body.classList.add("over");
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("over");
});
addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  document.body.classList.remove("over");
  add([...event.dataTransfer.files]);
});

document.getElementById("end").addEventListener("click", async () => {
  try {
    await ask("end", { method: "POST" });
    const done = make("p", { tabIndex: -1 }, "entrace has ended, and nothing of what you dropped is kept. You can close this tab.");
    document.querySelector("main").replaceChildren(done);
    document.querySelector("footer").remove();
    done.focus();
  } catch (error) {
    complain(capital(error.message));
  }
});

/** What was dropped before the page was loaded again. */
async function restore() {
  const { captures, most: bounds } = await (await ask("captures")).json();
  most = bounds.bytes;
  for (const answer of captures) {
    const entry = { element: make("li"), name: answer.name };
    list.prepend(entry.element);
    shown.set(entry.element, entry);
    read(entry, answer);
  }
}
restore().catch((error) => complain(trouble.textContent || capital(error.message)));
