"use strict";
// Everything on the page can be read and copied by hand; this only saves the selecting.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const block = document.getElementById(button.dataset.copy);
  const status = button.parentElement.querySelector("[role=status]");
  button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(block.textContent);
      status.textContent = "Copied.";
    } catch {
      // Without leave to write the clipboard, the text is selected.
      block.closest("details").open = true;
      getSelection().selectAllChildren(block);
      status.textContent = "Selected: copy it with the keyboard.";
    }
  });
}
// A link to a folded step unfolds it.
const unfold = () => {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  for (let at = target; at; at = at.parentElement) {
    if (at instanceof HTMLDetailsElement) at.open = true;
  }
};
addEventListener("hashchange", unfold);
unfold();
