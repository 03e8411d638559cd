// Passing remarks. Good news leaves by itself after six seconds, unless the pointer or the focus rests on it; errors stay,
// and so does what leads somewhere (a receipt).
const STAY = 6000;
const corner = document.querySelector("[data-toasts]");

function arrange(note) {
  note.querySelector("[data-toast-close]")?.addEventListener("click", () => note.remove());
  if (note.getAttribute("role") !== "alert" && !note.querySelector("[data-toast-text] a")) {
    let timer = setTimeout(() => note.remove(), STAY);
    const hold = () => clearTimeout(timer);
    const release = () => {
      timer = setTimeout(() => note.remove(), STAY);
    };
    note.addEventListener("pointerenter", hold);
    note.addEventListener("pointerleave", release);
    note.addEventListener("focusin", hold);
    note.addEventListener("focusout", release);
  }
  corner.append(note);
}

/** Shows `text` in the corner; `state` is "ok", "info" or "error". */
export function toast(text, state = "info") {
  const note = document.querySelector(`[data-toast-template="${state}"]`).content.firstElementChild.cloneNode(true);
  note.querySelector("[data-toast-text]").textContent = text;
  arrange(note);
}

for (const messages of document.querySelectorAll("[data-messages]")) {
  for (const note of messages.querySelectorAll("[data-toast]")) arrange(note);
  messages.remove();
}
