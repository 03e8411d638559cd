// Light, dark, or as the system; remembered in this browser. theme.js applies it before the first paint.
const root = document.documentElement;
const KEY = "muniment-theme";

function remember(choice) {
  try {
    if (choice === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // Storage is refused: the choice lasts for this page.
  }
}

function show() {
  const chosen = root.dataset.bsTheme ?? "system";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice]");
  if (!button) return;
  const choice = button.dataset.themeChoice;
  if (choice === "system") delete root.dataset.bsTheme;
  else root.dataset.bsTheme = choice;
  remember(choice);
  show();
});

show();
