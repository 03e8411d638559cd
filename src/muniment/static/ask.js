// Asking without leaving the page: posts the question, reads the answer as a stream, and takes back what went wrong.
// Without this module the same form posts and the page comes back whole. The protocol: docs/rooms/look.md.
import { events } from "./event_stream.js";
import "./feedback.js";
import "./panel.js";
import { Turn } from "./turn.js";

const form = document.querySelector("[data-ask]");
const thread = document.querySelector("[data-thread]");
const box = form?.elements.question; // an old conversation may be there to be read only
const send = form?.querySelector("[data-send]");
const stop = form?.querySelector("[data-stop]");
const editing = form?.querySelector("[data-editing]");
const spoken = document.querySelector("[data-ask-status]");
let running = null;

function busy(controller) {
  running = controller;
  send.hidden = controller !== null;
  stop.hidden = controller === null;
}

function leaveEditing() {
  form.elements.replaces.value = "";
  editing.hidden = true;
}

/** A new conversation gets its address and its place in the list; going back and reloading then work. */
function settle(conversation, question) {
  box.placeholder = form.dataset.followUp;
  document.querySelector("[data-new-talk]").hidden = false;
  if (!conversation) return; // nobody keeps it: no address, no title, no place in a list
  const address = `${form.dataset.agent}/conversations/${conversation}`;
  if (form.elements.conversation.value === conversation) return;
  form.elements.conversation.value = conversation;
  history.replaceState(null, "", address);
  document.title = `${question} · ${document.title}`;
  const list = document.querySelector("[data-talks]");
  list.querySelector("[data-no-talks]")?.remove();
  for (const link of list.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
  const item = document.createElement("li");
  const link = document.createElement("a");
  item.className = "talk";
  link.href = address;
  link.title = question;
  link.textContent = question;
  link.setAttribute("aria-current", "page");
  item.append(link);
  const heading = list.querySelector(".talks-when");
  if (heading) heading.after(item);
  else list.prepend(item);
}

/** What a page carries of a conversation that nobody keeps, to be sent with the next question. */
function carry(text) {
  if (form.elements.carries && typeof text === "string") form.elements.carries.value = text;
}

function replaceFrom(message) {
  let old = message ? document.getElementById(`turn-${message}`) : null;
  while (old && !old.classList.contains("is-fresh")) {
    const next = old.nextElementSibling;
    old.remove();
    old = next;
  }
}

/** What each event does to the turn. Returns false when the turn failed and the question should come back. */
function take(turn, question, replaces, { name, data }) {
  if (name === "status") turn.step(data.step, data.by_words);
  else if (name === "question") {
    turn.known(data);
    carry(data.carries);
    settle(data.conversation, question);
    replaceFrom(replaces);
  } else if (name === "passages") turn.passages(data);
  else if (name === "html") turn.append(data.html, data.into);
  else if (name === "refusal") turn.refuse(data.html);
  else if (name === "unavailable") turn.unavailable(data.sentence);
  else if (name === "done") {
    turn.finish(data.html);
    carry(data.carries);
    spoken.textContent = thread.dataset.finished;
  } else if (name === "error") {
    turn.fail(data.sentence);
    if (data.forgotten) carry("");
    return false;
  }
  return true;
}

async function post(body, signal) {
  const headers = { Accept: "text/event-stream" };
  const response = await fetch(form.action, { method: "POST", body, headers, signal });
  if (response.ok && (response.headers.get("Content-Type") ?? "").startsWith("text/event-stream")) return response;
  throw new Error(response.redirected ? thread.dataset.signedOut : thread.dataset.refused);
}

async function ask(question, quoting = false) {
  const body = new FormData(form);
  body.set("question", question);
  if (quoting) body.set("quoting", "on");
  const replaces = form.elements.replaces.value;
  const controller = new AbortController();
  const turn = new Turn(question);
  box.value = "";
  leaveEditing();
  busy(controller);
  let kept = true;
  try {
    for await (const event of events(await post(body, controller.signal))) {
      kept = take(turn, question, replaces, event) && kept;
    }
    if (!turn.finished) throw new Error(thread.dataset.cutOff);
  } catch (error) {
    if (controller.signal.aborted) {
      kept = turn.message !== undefined;
      spoken.textContent = kept ? thread.dataset.stopped : thread.dataset.stoppedEarly;
      turn.stopped(spoken.textContent);
    } else {
      turn.fail(error instanceof TypeError ? thread.dataset.cutOff : error.message);
      kept = false;
    }
  }
  busy(null);
  if (!kept && !box.value) {
    box.value = question;
    if (replaces) {
      form.elements.replaces.value = replaces;
      editing.hidden = false;
    }
  }
}

function askAgain(turn, quoting = false) {
  if (running) return;
  form.elements.replaces.value = turn.dataset.message ?? "";
  ask(turn.querySelector("[data-question]").textContent, quoting);
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-retry], [data-quoting]")) return;
  event.preventDefault();
  askAgain(event.target.closest("[data-turn]"), event.target.matches("[data-quoting]"));
});

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter?.matches("[data-again], [data-quoting]")) {
    askAgain(event.submitter.closest("[data-turn]"), event.submitter.matches("[data-quoting]"));
    return;
  }
  const question = (event.submitter?.dataset.suggestion !== undefined ? event.submitter.value : box.value).trim();
  if (question && !running) ask(question);
});

box?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

stop?.addEventListener("click", () => running?.abort());

document.addEventListener("click", (event) => {
  const edit = event.target.closest("[data-edit]");
  const cancel = event.target.closest("[data-edit-cancel]");
  if (!edit && !cancel) return;
  event.preventDefault();
  if (cancel) {
    leaveEditing();
    box.value = "";
  } else if (!running) {
    const turn = edit.closest("[data-turn]");
    form.elements.replaces.value = turn.dataset.message;
    box.value = turn.querySelector("[data-question]").textContent;
    editing.hidden = false;
  }
  box.focus();
});
