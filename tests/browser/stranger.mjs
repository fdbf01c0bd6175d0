// Another server on this machine, and what a page of it tries on the page of `entrace serve`.

import { createServer } from "node:http";

/** Serves an empty page, and remembers the cookies that it was sent. */
export async function startNeighbour() {
  const heard = [];
  const server = createServer((request, response) => {
    heard.push(request.headers.cookie);
    response.setHeader("Content-Type", "text/html");
    response.end("<!DOCTYPE html><title>elsewhere</title><body>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  const end = () => {
    server.close();
    server.closeAllConnections();
  };
  // Of the same host, and of another site.
  return { heard, end, addresses: [`http://127.0.0.1:${port}/`, `http://localhost:${port}/`] };
}

/** Runs in the stranger's page: says of each attempt whose outcome it can tell whether it reached entrace. */
export async function attack([target, capture]) {
  const reached = (address, options) => fetch(address, { credentials: "include", ...options }).then(() => "reached", () => "refused");
  const outcomes = [
    await reached(`${target}captures`, {}),
    await reached(`${target}captures`, { method: "POST", body: "{}", headers: { "Entrace-Name": "a.har" } }),
    await reached(`${target}captures/${capture}`, { method: "DELETE" }),
  ];
  // These are sent without asking first, and the answer is not heard.
  await reached(`${target}end`, { method: "POST", mode: "no-cors" });
  await reached(`${target}captures`, { method: "POST", mode: "no-cors", body: "{}" });
  const frame = document.createElement("iframe");
  frame.name = "frame";
  document.body.append(frame);
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: `${target}end`, target: "frame" });
  document.body.append(form);
  form.submit();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const script = document.createElement("script");
  script.src = `${target}serve.js`;
  const loaded = new Promise((resolve) => {
    script.onload = () => resolve("reached");
    script.onerror = () => resolve("refused");
  });
  document.body.append(script);
  outcomes.push(await loaded);
  return outcomes;
}
