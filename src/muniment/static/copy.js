// <button data-copy="#selector" data-copied="Copied." data-not-copied="…"> copies the text of the element;
// [data-print] prints the page.
import { toast } from "./toasts.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    const source = button.dataset.copy === "turn"
      ? button.closest("[data-turn]").querySelector("[data-answer]:not([hidden]), [data-refusal-text]")
      : document.querySelector(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.innerText.trim());
      toast(button.dataset.copied, "ok");
    } catch {
      toast(button.dataset.notCopied, "error");
    }
  }
  if (event.target.closest("[data-print]")) window.print();
});
