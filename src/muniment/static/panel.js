// A source opens beside the conversation: fetches the viewer's own page and shows its viewer in the panel.
// On a wide screen the conversation stays in use; on a narrow one the panel is modal. Escape closes; the browser itself
// gives the focus back to what opened a dialog.
import { arrive } from "./viewer.js";

const WIDE = matchMedia("(min-width: 64rem)");
const panel = document.querySelector("[data-viewer-panel]");
const place = panel.querySelector("[data-viewer-place]");
let asked = 0;

function say(sentence) {
  const line = document.createElement("p");
  line.className = "viewer-panel-wait";
  line.setAttribute("role", "status");
  line.textContent = sentence;
  place.replaceChildren(line);
}

function mark(link) {
  for (const old of document.querySelectorAll(".source.is-open, .citation.is-open")) old.classList.remove("is-open");
  if (!link) return;
  const turn = link.closest("[data-turn]");
  const number = link.dataset.citation ?? link.dataset.source;
  for (const each of turn.querySelectorAll(`[data-citation="${number}"], [data-source="${number}"]`)) {
    each.classList.add("is-open");
  }
}

async function load(address) {
  const turn = ++asked;
  say(place.dataset.wait);
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    const found = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-viewer]");
    if (!found) throw new Error(String(response.status)); // an error page holds no viewer
    if (turn !== asked) return; // another source was asked for meanwhile
    const viewer = document.adoptNode(found);
    viewer.querySelector("[data-viewer-back]")?.remove();
    const alone = viewer.querySelector("[data-viewer-alone]");
    if (alone) alone.hidden = false;
    place.replaceChildren(viewer);
    arrive(viewer);
  } catch {
    if (turn === asked) say(place.dataset.trouble);
  }
}

function open(link, address) {
  mark(link);
  if (!panel.open) WIDE.matches ? panel.show() : panel.showModal();
  load(address);
}

panel.addEventListener("close", () => {
  asked += 1;
  mark(null);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel.open && !document.querySelector("dialog.dialog[open]")) panel.close();
});

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const inner = event.target.closest("[data-viewer-panel] [data-viewer-link]");
  const source = event.target.closest("[data-source]");
  const citation = event.target.closest("[data-citation]");
  if (event.target.closest("[data-viewer-close]")) panel.close();
  else if (inner) {
    event.preventDefault();
    load(inner.href);
  } else if (source) {
    event.preventDefault();
    open(source, source.href);
  } else if (citation) {
    const target = citation.closest("[data-turn]")?.querySelector(`[data-source="${citation.dataset.citation}"]`);
    if (!target) return;
    event.preventDefault();
    target.scrollIntoView({ block: "nearest" });
    open(citation, target.href);
  }
});
