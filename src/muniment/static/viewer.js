// The document viewer: size without a reload, and the highlighted place in sight. Links work without it.
const SIZES = ["50", "75", "fit", "125", "150", "200"];

/** The width at which a sheet is shown, in CSS pixels: the browser takes the picture that is sharp at it. */
function sizes(image, zoom) {
  const width = Number(image.dataset.sheet);
  return zoom === "fit" ? `(min-width: ${width}px) ${width}px, 100vw` : `${(width * zoom) / 100}px`;
}

function highlighted(viewer) {
  return viewer.querySelector(".is-here") ?? viewer.querySelector("mark, rect");
}

/** Brings the highlighted place into the middle of what scrolls. */
export function arrive(viewer) {
  highlighted(viewer)?.scrollIntoView({ block: "center", inline: "nearest" });
}

function inSight(place) {
  const { top, bottom } = place.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom-step]");
  if (!button) return;
  const viewer = button.closest("[data-viewer]");
  const place = highlighted(viewer);
  const watched = place !== null && inSight(place);
  const now = SIZES.indexOf(viewer.dataset.zoom === "100" ? "fit" : viewer.dataset.zoom);
  const next = Math.min(Math.max(now + Number(button.dataset.zoomStep), 0), SIZES.length - 1);
  viewer.classList.remove(`zoom-${viewer.dataset.zoom}`);
  viewer.dataset.zoom = SIZES[next];
  viewer.classList.add(`zoom-${SIZES[next]}`);
  for (const image of viewer.querySelectorAll("[data-sheet]")) image.sizes = sizes(image, SIZES[next]);
  const word = viewer.querySelector("[data-zoom-word]");
  word.textContent = SIZES[next] === "fit" ? word.dataset.fit : `${SIZES[next]} %`;
  if (watched) arrive(viewer);
});

for (const viewer of document.querySelectorAll("[data-viewer]")) arrive(viewer);
