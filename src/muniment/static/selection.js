// Select many, act on many: [data-select-all] over [data-select]; what is chosen survives the table's refresh.
const chosen = new Set();

function boxes() {
  return [...document.querySelectorAll("[data-select]")];
}

function show() {
  const all = boxes();
  const count = all.filter((box) => box.checked).length;
  const head = document.querySelector("[data-select-all]");
  if (head) {
    head.checked = all.length > 0 && count === all.length;
    head.indeterminate = count > 0 && count < all.length;
  }
  for (const place of document.querySelectorAll("[data-selected-count]")) place.textContent = String(count);
  for (const act of document.querySelectorAll("[data-needs-selection]")) act.disabled = count === 0;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) {
    for (const box of boxes()) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-select], [data-select-all]")) {
    for (const box of boxes()) chosen[box.checked ? "add" : "delete"](box.value);
    show();
  }
});

document.addEventListener("htmx:afterSwap", () => {
  for (const box of boxes()) box.checked = chosen.has(box.value);
  show();
  announce();
});

// The table's own summary ("3 of 12 live") is announced when it changes, at most every five seconds.
let said = "";
let waiting = null;

function announce() {
  const summary = document.querySelector("[data-summary]")?.dataset.summary ?? "";
  if (waiting || summary === said) return;
  waiting = setTimeout(() => {
    waiting = null;
    said = document.querySelector("[data-summary]")?.dataset.summary ?? "";
    const place = document.querySelector("[data-announce]");
    if (place) place.textContent = said;
  }, 5000);
}

show();
