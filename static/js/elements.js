// Three small elements that pages may carry, and what opens folds. Each leaves a whole page
// behind when absent.

// <theme-switch>: radios "system", "light", "dark"; hidden without scripts.
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    const root = document.documentElement;
    const now = root.dataset.theme || "system";
    for (const radio of this.querySelectorAll("input[type=radio]")) radio.checked = radio.value === now;
    this.addEventListener("change", (event) => this.choose(root, event.target.value));
  }

  choose(root, theme) {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    try {
      if (theme === "system") localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch {
      // The choice then lasts for this page only.
    }
  }
}

// <copy-button from="id" done="Copied">: wraps a button; copies the text of #id.
class CopyButton extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    this.append(said);
    button?.addEventListener("click", async () => {
      const source = document.getElementById(this.getAttribute("from"));
      try {
        await navigator.clipboard.writeText(source.dataset.copy || source.textContent.trim());
        said.textContent = this.getAttribute("done");
      } catch {
        getSelection().selectAllChildren(source);
        said.textContent = this.getAttribute("failed");
      }
    });
  }
}

// <character-count max="500" left="%(n)s characters left" over="…">: wraps a field and its line.
class CharacterCount extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea, input");
    this.line = this.querySelector(".count-line");
    if (!this.field || !this.line) return;
    this.field.addEventListener("input", () => this.show());
    this.show();
  }

  show() {
    const left = Number(this.getAttribute("max")) - [...this.field.value].length;
    const words = this.getAttribute(left < 0 ? "over" : "left");
    const figure = new Intl.NumberFormat(document.documentElement.lang).format(Math.abs(left));
    this.line.textContent = words.replace("{n}", figure);
    this.line.classList.toggle("is-over", left < 0);
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.speak(left), 900);
  }

  // Read aloud only where it matters: near the end, and after a pause in typing.
  speak(left) {
    const near = left <= Number(this.getAttribute("max")) / 10;
    const spoken = this.querySelector("[role=status]");
    if (spoken) spoken.textContent = near ? this.line.textContent : "";
  }
}

// An address that leads into something folded unfolds it, where the browser does not do so itself.
function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  let fold = target?.parentElement.closest("details:not([open])");
  if (!fold) return;
  for (; fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();

customElements.define("theme-switch", ThemeSwitch);
customElements.define("copy-button", CopyButton);
customElements.define("character-count", CharacterCount);
