// One question and its answer on the page: fills the empty form of chat/turn.html as events come in.
const thread = document.querySelector("[data-thread]");

function part(root, name) {
  return root.querySelector(`[data-${name}]`);
}

function passage(message, given) {
  const item = document.querySelector("[data-source-template]").content.firstElementChild.cloneNode(true);
  const link = part(item, "source");
  link.href = given.url;
  link.dataset.source = given.number;
  link.id = `source-${message}-${given.number}`;
  part(item, "number").textContent = given.number;
  part(item, "name").textContent = given.document;
  part(item, "quote").textContent = given.quote;
  if (given.page) {
    part(item, "page").textContent = given.page;
    part(item, "page-line").hidden = false;
  }
  return item;
}

export class Turn {
  constructor(question) {
    this.root = document.querySelector("[data-turn-template]").content.firstElementChild.cloneNode(true);
    this.finished = false;
    part(this.root, "question").textContent = question;
    document.querySelector("[data-start]")?.remove();
    for (const old of document.querySelectorAll(".turn.is-fresh")) old.classList.remove("is-fresh");
    // The new turn is as tall as the window from the start: the answer grows into room that is already there,
    // and nothing the reader looks at ever moves.
    this.root.classList.add("is-fresh");
    thread.append(this.root);
    this.step("searching");
    this.root.scrollIntoView({ block: "start" });
  }

  step(name, byWords = false) {
    const words = thread.dataset[`step${name[0].toUpperCase()}${name.slice(1)}`] ?? thread.dataset.stepElse;
    part(this.root, "progress-word").textContent = words;
    part(this.root, "progress").hidden = false;
    if (byWords) part(this.root, "by-words").hidden = false;
  }

  known({ message, searched_for: searched }) {
    this.message = message;
    this.root.id = `turn-${message}`;
    this.root.dataset.message = message;
    for (const field of this.root.querySelectorAll("input[name=message]")) field.value = message;
    const edit = part(this.root, "edit");
    if (edit.href) edit.href = `?edit=${message}#question`;
    const opener = part(this.root, "comment-opener");
    if (opener) opener.dataset.fillMessage = message; // nothing is rated where nothing is kept
    if (searched) {
      part(this.root, "searched-for").textContent = searched;
      part(this.root, "searched").hidden = false;
    }
  }

  /** The list grows with the answer: what is there already stays, with its focus. */
  passages(list) {
    const place = part(this.root, "source-list");
    place.append(...list.slice(place.childElementCount).map((given) => passage(this.message ?? "new", given)));
    part(this.root, "sources").hidden = list.length === 0;
  }

  append(html, into = "answer") {
    const answer = part(this.root, "answer");
    part(this.root, "progress").hidden = true;
    answer.classList.add("is-streaming");
    if (into === "instead") answer.innerHTML = html;
    else (into === "paragraph" ? answer.lastElementChild : answer).insertAdjacentHTML("beforeend", html);
  }

  refuse(html) {
    this.rest();
    part(this.root, "answer").hidden = true;
    part(this.root, "refusal-text").innerHTML = html;
    part(this.root, "refusal").hidden = false;
    const nearest = part(this.root, "source-list").childElementCount > 0;
    part(this.root, "refusal-nearest").hidden = !nearest;
    part(this.root, "title-sources").hidden = true;
    part(this.root, "title-nearest").hidden = false;
    part(this.root, "acts").hidden = false;
    this.finished = true;
  }

  finish(html) {
    this.rest();
    const answer = part(this.root, "answer");
    if (html && part(this.root, "refusal").hidden && answer.innerHTML.trim() !== html.trim()) answer.innerHTML = html;
    part(this.root, "acts").hidden = false;
    this.finished = true;
  }

  stopped(sentence) {
    this.rest();
    part(this.root, "note").textContent = sentence;
    part(this.root, "note").hidden = false;
    part(this.root, "acts").hidden = !this.message;
    this.finished = true;
  }

  fail(sentence) {
    this.rest();
    part(this.root, "trouble-text").textContent = sentence;
    part(this.root, "trouble").hidden = false;
    this.finished = true;
  }

  /** The model gave no answer, or not to its end: what was said stays, and quotes are offered. */
  unavailable(sentence) {
    this.rest();
    part(this.root, "trouble-text").textContent = sentence;
    part(this.root, "trouble").hidden = false;
    part(this.root, "quoting").hidden = false;
  }

  rest() {
    part(this.root, "progress").hidden = true;
    part(this.root, "answer").classList.remove("is-streaming");
  }
}
