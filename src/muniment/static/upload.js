// Sends dropped or chosen files, whole folders included: three at a time, one a request, each with its own progress.
// A file is the whole body, so that the server can seal it as it arrives. A failure holds up nobody else and can be tried again. Without this module the form posts all files at once.
import { leadsToSignIn } from "./signed_out.js";
import { toast } from "./toasts.js";

const AT_ONCE = 3;
const zone = document.querySelector("[data-dropzone]");
const input = zone.querySelector("input[type=file]");
const area = document.querySelector("[data-uploads]");
const list = area.querySelector("[data-uploads-list]");
const words = document.querySelector("[data-upload-words]").dataset;
const queue = [];
const uploads = [];
let under = 0;

function size(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  const step = bytes ? Math.min(Math.floor(Math.log10(bytes) / 3), 3) : 0;
  return `${(bytes / 1000 ** step).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${units[step]}`;
}

function show(upload, word, failed = false) {
  upload.row.classList.toggle("is-failed", failed);
  upload.row.querySelector("[data-state]").textContent = word;
  upload.row.querySelector("[data-retry]").hidden = !failed;
}

function summarise() {
  const done = uploads.filter((upload) => upload.done).length;
  const failed = uploads.filter((upload) => upload.failed).length;
  const parts = [words.summaryWords.replace("%(done)s", done).replace("%(all)s", uploads.length)];
  if (failed) parts.push(words.failedWords.replace("%(failed)s", failed));
  area.querySelector("[data-uploads-summary]").textContent = parts.join(", ");
  area.querySelector("[data-uploads-clear]").hidden = under > 0 || queue.length > 0;
}

function refreshTable() {
  window.htmx?.ajax("GET", location.href, { target: "#documents", swap: "outerHTML" });
}

function ended(upload, request) {
  under -= 1;
  let answer = null;
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    // Not JSON: a page, such as the one for signing in, to which a request is led on with status 200.
  }
  upload.done = answer !== null && request.status >= 200 && request.status < 300;
  upload.failed = !upload.done;
  upload.row.querySelector("progress").value = upload.done ? 100 : 0;
  const done = answer?.duplicate ? words.duplicate : words.done;
  const failed = leadsToSignIn(request) ? words.signedOut : words.failed;
  show(upload, upload.done ? done : answer?.sentence ?? failed, upload.failed);
  const polling = document.querySelector("#documents[hx-get]");
  if (upload.done && !polling) refreshTable();
  next();
}

function start(upload) {
  under += 1;
  show(upload, words.sending);
  const request = new XMLHttpRequest(); // fetch cannot tell how far an upload is
  request.open("POST", zone.action);
  request.setRequestHeader("X-CSRFToken", zone.elements.csrfmiddlewaretoken.value);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("Content-Type", "application/octet-stream");
  if (upload.deletesOriginal) request.setRequestHeader("X-Delete-Original", "yes");
  request.setRequestHeader("X-Document-Name", encodeURIComponent(upload.path.toWellFormed?.() ?? upload.path));
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) upload.row.querySelector("progress").value = (100 * event.loaded) / event.total;
  });
  request.addEventListener("loadend", () => ended(upload, request));
  request.send(upload.file);
}

function next() {
  while (under < AT_ONCE && queue.length) start(queue.shift());
  summarise();
}

function add(file, path) {
  const row = document.querySelector("[data-upload-row]").content.firstElementChild.cloneNode(true);
  const deletesOriginal = zone.elements.delete_original?.checked ?? false; // as it was chosen for this file
  const upload = { file, path, row, deletesOriginal, done: false, failed: false };
  row.querySelector("[data-name]").textContent = path;
  row.querySelector("[data-name]").title = path;
  row.querySelector("[data-size]").textContent = size(file.size);
  row.querySelector("progress").setAttribute("aria-label", path);
  row.querySelector("[data-retry]").addEventListener("click", () => {
    upload.failed = false;
    queue.push(upload);
    show(upload, words.waiting);
    next();
  });
  list.append(row);
  uploads.push(upload);
  if (file.size > Number(words.limit)) {
    upload.failed = true; // the server says so too, but only after the file had been sent for nothing
    show(upload, words.tooLarge, true);
    row.querySelector("[data-retry]").hidden = true;
    return;
  }
  show(upload, words.waiting);
  queue.push(upload);
}

function addAll(files) {
  for (const [file, path] of files) if (!file.name.startsWith(".")) add(file, path);
  area.hidden = uploads.length === 0;
  next();
}

/** The files under an entry, folders walked to the bottom; readEntries gives them a hundred at a time. */
async function* walk(entry) {
  if (entry.isFile) {
    yield [await new Promise((resolve, reject) => entry.file(resolve, reject)), entry.fullPath.replace(/^\//, "")];
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return;
    for (const inner of entries) yield* walk(inner);
  }
}

async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  const files = [];
  try {
    for (const entry of entries) for await (const found of walk(entry)) files.push(found);
  } catch {
    toast(words.failed, "error");
  }
  addAll(files);
}

zone.addEventListener("dragover", (event) => {
  event.preventDefault();
  zone.classList.add("is-over");
});
zone.addEventListener("dragleave", (event) => {
  if (!zone.contains(event.relatedTarget)) zone.classList.remove("is-over");
});
zone.addEventListener("drop", (event) => {
  event.preventDefault();
  zone.classList.remove("is-over");
  dropped(event.dataTransfer);
});
zone.addEventListener("submit", (event) => event.preventDefault());
zone.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-choose]");
  if (!choice) return;
  input.webkitdirectory = choice.dataset.choose === "folder";
  input.click();
});
input.addEventListener("change", () => {
  addAll([...input.files].map((file) => [file, file.webkitRelativePath || file.name]));
  input.value = "";
});
area.querySelector("[data-uploads-clear]").addEventListener("click", () => {
  uploads.length = 0;
  list.replaceChildren();
  area.hidden = true;
});
// Leaving would cut off what is on its way: the browser asks first.
window.addEventListener("beforeunload", (event) => {
  if (under) event.preventDefault();
});
