// Dialogs come as popovers, so that they open without JavaScript; here they become modal: the page behind is inert,
// Escape closes, and focus goes back to what opened them (all three are the browser's own work in showModal).

function upgrade(root) {
  for (const dialog of root.querySelectorAll("dialog.dialog[popover]")) dialog.removeAttribute("popover");
  for (const button of root.querySelectorAll("[data-opens], [data-closes]")) {
    button.removeAttribute("popovertarget");
    button.removeAttribute("popovertargetaction");
    if (button.dataset.opens) button.setAttribute("aria-haspopup", "dialog");
  }
}

function open(dialog, opener) {
  // A dialog that serves many rows takes what differs from the button: data-fill-name="…" fills [data-fill=name].
  for (const slot of dialog.querySelectorAll("[data-fill]")) {
    const value = opener.dataset[`fill${slot.dataset.fill[0].toUpperCase()}${slot.dataset.fill.slice(1)}`] ?? "";
    if (slot instanceof HTMLFormElement) slot.action = value;
    else if ("value" in slot) slot.value = value;
    else slot.textContent = value;
  }
  dialog.showModal();
  dialog.querySelector("[data-first]")?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) open(document.getElementById(opener.dataset.opens), opener);
  const closer = event.target.closest("[data-closes]");
  if (closer) document.getElementById(closer.dataset.closes).close();
  if (event.target instanceof HTMLDialogElement && event.target.matches(".dialog")) event.target.close();
});

// A deletion that wants the name typed: its button wakes when the name is right. The server asks again.
function compare(input) {
  const button = input.form.querySelector("[data-needs-name]");
  if (button) button.disabled = input.value.trim() !== input.dataset.mustBe;
}

document.addEventListener("input", (event) => {
  if (event.target.dataset?.mustBe !== undefined) compare(event.target);
});

for (const input of document.querySelectorAll("[data-must-be]")) compare(input);
upgrade(document);
document.addEventListener("htmx:load", (event) => upgrade(event.target));
