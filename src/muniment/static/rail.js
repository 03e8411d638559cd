// The left rail folds to icons, and stays so in this browser.
const root = document.documentElement;
const fold = document.querySelector("[data-rail-fold]");

function show() {
  fold.setAttribute("aria-pressed", String(root.dataset.rail === "icons"));
}

if (fold) {
  fold.addEventListener("click", () => {
    if (root.dataset.rail === "icons") delete root.dataset.rail;
    else root.dataset.rail = "icons";
    try {
      localStorage.setItem("muniment-rail", root.dataset.rail ?? "words");
    } catch {
      // Storage is refused: the choice lasts for this page.
    }
    show();
  });
  show();
}

// On a phone the tabs scroll sideways: the current one is in sight.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
