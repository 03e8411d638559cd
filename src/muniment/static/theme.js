// Runs before the first paint (a classic script in <head>), so that no page flashes in the wrong theme.
// Says nothing when nothing is stored: muniment.css then follows the system.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("muniment-theme");
    if (theme === "light" || theme === "dark") root.dataset.bsTheme = theme;
    if (localStorage.getItem("muniment-rail") === "icons") root.dataset.rail = "icons";
  } catch {
    // Storage is refused (private window): the system's theme serves.
  }
})();
