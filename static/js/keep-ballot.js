// Keeps what stands on the paper: sent after each change, one request at a time, and shown beside
// the ranking in the server's own words. What was not kept is never passed over in silence.

const PAUSE = 500; // so that three quick taps are one request
const FIRST_RETRY = 6000; // longer than a request that got lost can still wait for its turn
const LAST_RETRY = 30000;

class BallotKeeper {
  constructor(paper) {
    this.form = paper.querySelector("form");
    this.address = paper.dataset.keep;
    this.place = paper.querySelector(".standing");
    this.short = paper.querySelector("[data-standing-short]");
    this.said = paper.querySelector(".standing-said");
    this.retry = FIRST_RETRY;
    window.addEventListener("online", () => this.owes && this.send());
    window.addEventListener("pagehide", () => this.owes && this.send());
    window.addEventListener("pageshow", (event) => event.persisted && this.changed());
  }

  // `marked`: the page came with a ranking, or found one in its history.
  begin(marked) {
    if (!this.words) return;
    this.change = Number(this.words.dataset.change);
    this.tell();
    if (marked && ["unkept", "older"].includes(this.words.dataset.state)) this.changed();
  }

  // A cast ballot counts until another is cast: there is nothing to keep then.
  changed() {
    if (!this.words || this.words.dataset.state === "cast") return;
    this.owes = true;
    this.handedOver = false;
    // The offer to show what was kept earlier: from now on the paper itself is kept.
    for (const offer of document.querySelectorAll("[data-earlier]")) offer.hidden = true;
    this.say(this.place.dataset.busy, this.place.dataset.busyShort);
    this.sendIn(PAUSE);
  }

  // The review keeps what it is sent; whatever is still under way is older than that.
  handOver() {
    clearTimeout(this.timer);
    this.owes = false;
    this.handedOver = true;
    const change = this.form.elements.change;
    change.value = ++this.change;
    change.disabled = false;
  }

  sendIn(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), milliseconds);
  }

  async send() {
    clearTimeout(this.timer);
    if (this.isSending && document.visibilityState === "visible") return;
    this.owes = false;
    this.isSending = true;
    const answer = await this.ask();
    this.isSending = false;
    if (this.handedOver) return;
    if (this.owes) return this.sendIn(0);
    if (!answer) return this.tryAgain();
    this.retry = FIRST_RETRY;
    if (answer.state !== "older") return this.show(answer.words);
    // Another page of hers kept something meanwhile; what she marks here is newer.
    this.change = answer.change;
    this.owes = true;
    this.sendIn(PAUSE);
  }

  async ask() {
    const sent = new URLSearchParams({ change: ++this.change });
    for (const [name, value] of new FormData(this.form)) {
      if (["csrf_token", "key", "ranking"].includes(name)) sent.append(name, value);
    }
    try {
      const response = await fetch(this.address, { method: "POST", body: sent, headers: { "HX-Request": "true" }, keepalive: true });
      if (response.status >= 500 || response.status === 429) return null;
      const page = document.createElement("template");
      page.innerHTML = await response.text();
      const words = page.content.querySelector(".standing-words") || this.signedOut();
      return { words, state: words.dataset.state, change: Number(words.dataset.change) };
    } catch {
      return null;
    }
  }

  tryAgain() {
    this.owes = true;
    this.say(this.place.dataset.offline, this.place.dataset.offlineShort, true);
    this.sendIn(this.retry);
    this.retry = Math.min(this.retry * 2, LAST_RETRY);
  }

  signedOut() {
    const words = this.words.cloneNode();
    words.className = "standing-words is-refused";
    words.dataset.state = "refused";
    words.textContent = this.place.dataset.signedOut;
    return words;
  }

  get words() {
    return this.place?.querySelector(".standing-words");
  }

  show(words) {
    const before = this.settled;
    this.words.replaceWith(words);
    this.tell();
    if (words.textContent !== before) this.announce(words.textContent);
  }

  // While the answer is waited for, or where none came.
  say(sentence, short, aloud = false) {
    const { words } = this;
    words.className = `standing-words${aloud ? " is-refused" : ""}`;
    words.textContent = sentence;
    this.short.textContent = short;
    if (aloud && this.settled !== sentence) this.announce(sentence);
    if (aloud) this.settled = sentence;
  }

  tell() {
    this.settled = this.words.textContent;
    this.short.textContent = this.words.dataset.short;
  }

  // Only what is new: somebody who ranks ten projects hears once that they are kept.
  announce(sentence) {
    this.said.textContent = sentence;
  }
}
