// Runs before the first paint: marks that scripts work and applies the chosen paper.
(() => {
  const root = document.documentElement;
  root.classList.add("has-script");
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch {
    // Storage may be forbidden; the system's own choice then holds.
  }
})();
