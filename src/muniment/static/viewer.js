// The document viewer: size without a reload, and the highlighted place in sight. Links work without it.
const SIZES = ["50", "75", "fit", "125", "150", "200"];

/** Brings the highlighted place into the middle of what scrolls. */
export function arrive(viewer) {
  const place = viewer.querySelector(".is-here") ?? viewer.querySelector("mark, rect");
  place?.scrollIntoView({ block: "center", inline: "nearest" });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom-step]");
  if (!button) return;
  const viewer = button.closest("[data-viewer]");
  const now = SIZES.indexOf(viewer.dataset.zoom === "100" ? "fit" : viewer.dataset.zoom);
  const next = Math.min(Math.max(now + Number(button.dataset.zoomStep), 0), SIZES.length - 1);
  viewer.classList.remove(`zoom-${viewer.dataset.zoom}`);
  viewer.dataset.zoom = SIZES[next];
  viewer.classList.add(`zoom-${SIZES[next]}`);
  const word = viewer.querySelector("[data-zoom-word]");
  word.textContent = SIZES[next] === "fit" ? word.dataset.fit : `${SIZES[next]} %`;
});

for (const viewer of document.querySelectorAll("[data-viewer]")) arrive(viewer);
