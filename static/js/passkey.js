// <passkey-button ask="address" kind="get | create">: wraps a form with the field "credential".
// Asks the server what to sign, the browser for the key, and posts what the key answered.
// Shown only where scripts run; everything else about second factors works without.

class PasskeyButton extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.said = this.querySelector("[role=status]");
    this.form.hidden = false;
    this.form.addEventListener("submit", (event) => {
      if (this.form.elements.credential.value) return;
      event.preventDefault();
      this.askKey();
    });
  }

  async askKey() {
    this.said.textContent = "";
    if (!window.PublicKeyCredential) return this.say("nowhere");
    try {
      const options = readable(await this.options());
      const credential = await navigator.credentials[this.getAttribute("kind")]({ publicKey: options });
      this.form.elements.credential.value = JSON.stringify(written(credential));
      this.form.submit();
    } catch (error) {
      this.say(error.name === "SecurityError" ? "nowhere" : "stopped");
    }
  }

  async options() {
    const answer = await fetch(this.getAttribute("ask"), {
      method: "POST",
      headers: { "X-CSRFToken": this.form.elements.csrf_token.value },
    });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  }

  say(word) {
    this.said.textContent = this.getAttribute(word);
  }
}

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

// What the server wrote as text, as the bytes that the browser wants.
function readable(options) {
  const known = (list) => (list || []).map((each) => ({ ...each, id: toBytes(each.id) }));
  options.challenge = toBytes(options.challenge);
  if (options.user) options.user.id = toBytes(options.user.id);
  if (options.excludeCredentials) options.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) options.allowCredentials = known(options.allowCredentials);
  return options;
}

// What the key answered, as text.
function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response };
}

customElements.define("passkey-button", PasskeyButton);
