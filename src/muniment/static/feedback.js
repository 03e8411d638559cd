// Thumbs and their comments, without leaving the page. The same forms post by themselves without JavaScript.
import { toast } from "./toasts.js";

const words = document.querySelector("[data-thread]").dataset;

async function send(form, submitter) {
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form, submitter),
      headers: { Accept: "application/json" },
    });
    if (!response.ok) throw new Error(String(response.status));
    return true;
  } catch {
    toast(words.notKept, "error");
    return false;
  }
}

async function thumb(form, button) {
  const undo = button.getAttribute("aria-pressed") === "true";
  button.value = undo ? "" : button.dataset.verdict;
  const kept = await send(form, button);
  button.value = button.dataset.verdict;
  if (!kept) return;
  for (const each of form.querySelectorAll("[name=verdict]")) each.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-pressed", String(!undo));
  form.closest("[data-turn]").querySelector("[data-comment-opener]").hidden = undo;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.matches("[data-feedback]")) {
    event.preventDefault();
    event.submitter.dataset.verdict ??= event.submitter.value;
    await thumb(form, event.submitter);
  } else if (form.matches("[data-comment]")) {
    event.preventDefault();
    if (!(await send(form, event.submitter))) return;
    const turn = document.querySelector(`[data-message="${CSS.escape(form.elements.message.value)}"]`);
    turn.querySelector("[data-comment-opener]").dataset.fillComment = form.elements.comment.value;
    form.closest("dialog").close();
    toast(words.thanks, "ok");
  }
});
