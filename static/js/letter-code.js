// <letter-code>: fills the code of a letter or a receipt that stands behind the # of a scanned
// address into its field, and takes it out of the address at once, so that it stays in no history.

class LetterCode extends HTMLElement {
  connectedCallback() {
    this.fill();
    addEventListener("hashchange", () => this.fill());
  }

  fill() {
    const code = location.hash.slice(1);
    if (!/^[\w-]{12,40}$/.test(code)) return;
    const field = this.querySelector("input[name=code]");
    if (!field) return;
    field.value = code;
    history.replaceState(null, "", location.pathname + location.search);
    this.querySelector("button[type=submit]")?.focus();
  }
}

customElements.define("letter-code", LetterCode);
