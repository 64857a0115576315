// The receipt page: prints, and makes the paper in this tab's history forget its ranking.

try {
  sessionStorage.setItem("ballot-cast-at", Date.now());
} catch {
  // Without storage the paper kept nothing either.
}

class PrintButton extends HTMLElement {
  connectedCallback() {
    this.querySelector("button")?.addEventListener("click", () => window.print());
  }
}

customElements.define("print-button", PrintButton);
