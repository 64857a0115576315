// <rank-ballot>: ranking on the spot. The page inside is a whole form that works by posts
// alone; this element answers the same buttons without the way to the server, keeps the
// ranking in view and says each change aloud. Only "review" is posted; keep-ballot.js keeps.

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/ł/gi, "l").toLowerCase();
const filled = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// A sentence as nodes: the title keeps its own language, so that it is read out as it should be.
function phrase(pattern, values, language) {
  return pattern.split(/(\{\w+\})/).map((part) => {
    if (part !== "{title}") return part.replace(/\{(\w+)\}/, (_, name) => values[name]);
    const title = document.createElement("bdi");
    title.textContent = values.title;
    if (language) title.lang = language;
    return title;
  });
}

class RankBallot extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.list = this.querySelector(".ranked");
    this.row = this.querySelector("template[data-row]");
    this.said = this.querySelector(".ballot-said");
    this.most = Number(this.getAttribute("max"));
    this.pot = Number(this.getAttribute("pot"));
    this.ordinals = JSON.parse(this.dataset.ordinals);
    this.money = moneyWriter(this.getAttribute("currency"));
    this.options = new Map();
    for (const option of this.querySelectorAll(".option")) this.options.set(option.dataset.ref, readOption(option));
    this.ranking = [...this.list.children].map((item) => item.dataset.ref);
    this.keeper = new BallotKeeper(this);
    this.keeper.begin(this.ranking.length > 0);
    this.restore();
    this.form.addEventListener("click", (event) => this.act(event));
    this.form.addEventListener("submit", (event) => this.guard(event));
    this.form.addEventListener("input", (event) => event.target.matches("#q, #category") && this.filter());
    this.form.addEventListener("change", (event) => event.target.matches("#category") && this.filter());
    this.letDrag();
  }

  // A ranking that was under way when the page was left and returned to in this same tab.
  restore() {
    const kept = history.state?.ranking;
    const castAt = Number(sessionStorage.getItem("ballot-cast-at") || 0);
    if (!this.ranking.length && kept && history.state.at > castAt) {
      this.ranking = kept.filter((ref) => this.options.has(ref)).slice(0, this.most);
      this.show();
    }
  }

  act(event) {
    const button = event.target.closest("button[name=act]");
    if (!button || button.value === "review") return;
    event.preventDefault();
    if (button.value === "filter") return this.filter();
    if (button.value === "show-all") return this.showAll();
    const [what, ref] = button.value.split(/:(.*)/s);
    if (what === "add") this.add(ref);
    if (what === "remove") this.remove(ref, button);
    if (what === "up") this.move(ref, -1);
    if (what === "down") this.move(ref, 1);
  }

  // Enter in the search field must never post the page away.
  guard(event) {
    if (event.submitter?.value !== "review") {
      event.preventDefault();
      return this.filter();
    }
    this.keeper.handOver();
  }

  add(ref) {
    if (this.ranking.length >= this.most) {
      const last = this.options.get(this.ranking.at(-1));
      return this.say(this.dataset.tooMany, { title: last.title }, true);
    }
    this.ranking.push(ref);
    this.show();
    this.say(this.dataset.added, { title: this.options.get(ref).title, rank: this.ranking.length });
  }

  remove(ref, button) {
    const at = this.ranking.indexOf(ref);
    const inList = this.list.contains(button);
    this.ranking.splice(at, 1);
    this.show();
    if (inList) {
      const next = this.list.children[Math.min(at, this.ranking.length - 1)];
      (next?.querySelector("[data-act=remove]") || this.querySelector("#ranking-title")).focus();
    }
    this.say(this.dataset.removed, { title: this.options.get(ref).title });
  }

  move(ref, by) {
    const at = this.ranking.indexOf(ref);
    const to = at + by;
    const { title } = this.options.get(ref);
    if (to < 0) return this.say(this.dataset.first, { title });
    if (to >= this.ranking.length) return this.say(this.dataset.last, { title });
    this.ranking.splice(to, 0, ...this.ranking.splice(at, 1));
    this.show();
    this.list.querySelector(`[data-ref="${CSS.escape(ref)}"] [data-act=${by < 0 ? "up" : "down"}]`).focus();
    this.say(this.dataset.added, { title, rank: to + 1 });
  }

  letDrag() {
    if (!window.Sortable) return;
    window.Sortable.create(this.list, {
      handle: ".ranked-number",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
      chosenClass: "is-held",
      ghostClass: "is-gap",
      onEnd: (event) => {
        this.ranking = [...this.list.children].map((item) => item.dataset.ref);
        this.show();
        const { title } = this.options.get(event.item.dataset.ref);
        this.say(this.dataset.added, { title, rank: event.newIndex + 1 });
      },
    });
  }

  say(pattern, values, warn = false) {
    const words = phrase(pattern, { count: this.ranking.length, ...values }, this.dataset.language);
    this.said.classList.toggle("is-warning", warn);
    // The same sentence twice must be read twice.
    this.said.textContent = "";
    requestAnimationFrame(() => this.said.replaceChildren(...words));
    clearTimeout(this.fade);
    if (warn) this.fade = setTimeout(() => this.said.classList.remove("is-warning"), 9000);
  }

  show() {
    const places = placesOf(this.list);
    const rows = this.ranking.map((ref, at) => this.drawRow(ref, at));
    this.list.replaceChildren(...rows);
    glide(this.list, places);
    for (const [ref, option] of this.options) this.drawOption(ref, option);
    this.drawSum();
    history.replaceState({ ranking: this.ranking, at: Date.now() }, "");
    this.keeper.changed();
  }

  drawRow(ref, at) {
    const kept = [...this.list.children].find((item) => item.dataset.ref === ref);
    const row = kept?.querySelector("[data-act]") ? kept : this.row.content.cloneNode(true).firstElementChild;
    const option = this.options.get(ref);
    const last = this.ranking.length;
    row.dataset.ref = ref;
    row.querySelector("input").value = ref;
    row.querySelector(".ranked-number").textContent = at + 1;
    row.querySelector("[data-title]").textContent = option.title;
    const cost = row.querySelector(".ranked-cost");
    if (cost) cost.textContent = option.price;
    const targets = { up: Math.max(at, 1), down: Math.min(at + 2, last) };
    for (const button of row.querySelectorAll("[data-act]")) {
      const what = button.dataset.act;
      button.value = `${what}:${ref}`;
      const words = phrase(this.dataset[what], { title: option.title, rank: targets[what] }, this.dataset.language);
      button.querySelector("span").replaceChildren(...words);
      const idle = (what === "up" && at === 0) || (what === "down" && at === last - 1);
      if (idle) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
    return row;
  }

  drawOption(ref, option) {
    const at = this.ranking.indexOf(ref);
    const ranked = at >= 0;
    const full = this.ranking.length >= this.most;
    const next = filled(this.dataset.rank, { rank: this.ordinals[this.ranking.length] });
    option.element.classList.toggle("is-ranked", ranked);
    option.state.hidden = !ranked;
    option.state.textContent = ranked ? filled(this.dataset.ranked, { rank: this.ordinals[at] }) : "";
    option.button.value = `${ranked ? "remove" : "add"}:${ref}`;
    option.button.classList.toggle("button-outline", ranked);
    option.button.classList.toggle("is-full", full && !ranked);
    option.word.textContent = ranked ? this.dataset.removeWord : full ? this.dataset.full : next;
  }

  drawSum() {
    this.querySelector(".ranking-empty").hidden = this.ranking.length > 0;
    for (const each of this.querySelectorAll("[data-count]")) each.textContent = this.ranking.length;
    if (this.querySelector(".ballot-purse")) this.drawCost();
  }

  // Only where there is money.
  drawCost() {
    const total = this.ranking.reduce((sum, ref) => sum + this.options.get(ref).cost, 0);
    const whole = Math.max(total, this.pot, 1);
    const inside = (Math.min(total, this.pot) * 100) / whole;
    const over = (Math.max(total - this.pot, 0) * 100) / whole;
    this.querySelector(".ballot-purse").hidden = !this.ranking.length;
    this.querySelector("[data-over]").hidden = !over;
    this.querySelector(".ballot-purse .part-chosen").setAttribute("width", `${inside}%`);
    const rest = this.querySelector(".ballot-purse .part-over");
    rest.setAttribute("x", `${inside}%`);
    rest.setAttribute("width", `${over}%`);
    for (const each of this.querySelectorAll("[data-total]")) each.textContent = this.money(total);
  }

  filter() {
    const words = folded(this.querySelector("#q").value).split(/\s+/).filter(Boolean);
    const kind = this.querySelector("#category")?.value || "";
    let shown = 0;
    for (const option of this.options.values()) {
      const fits = (!kind || option.category === kind) && words.every((word) => option.text.includes(word));
      option.element.hidden = !fits;
      shown += fits;
    }
    const filtered = words.length > 0 || kind !== "";
    this.querySelector(".options-all").hidden = !filtered;
    this.querySelector(".options-none").hidden = shown > 0;
    clearTimeout(this.pause);
    const found = filtered ? filled(this.dataset.found, { shown, count: this.options.size }) : "";
    this.pause = setTimeout(() => (this.querySelector(".options-found").textContent = found), 250);
  }

  showAll() {
    this.querySelector("#q").value = "";
    if (this.querySelector("#category")) this.querySelector("#category").value = "";
    this.filter();
    this.querySelector("#q").focus();
  }
}

function readOption(element) {
  const title = element.querySelector("[data-title]").textContent;
  return {
    element,
    title,
    price: element.querySelector(".amount")?.textContent,
    cost: Number(element.dataset.cost),
    category: element.dataset.category,
    text: folded(`${element.querySelector(".option-number").textContent} ${element.querySelector(".option-text").textContent}`),
    button: element.querySelector(".option-button"),
    word: element.querySelector("[data-word]"),
    state: element.querySelector("[data-state]"),
  };
}

// Amounts as the server writes them: code first, small digits only where there are some.
function moneyWriter(currency) {
  const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
  const language = document.documentElement.lang;
  return (minor) => {
    const small = minor % 10 ** digits ? digits : 0;
    const figure = new Intl.NumberFormat(language, { minimumFractionDigits: small, maximumFractionDigits: small });
    return `${currency} ${figure.format(minor / 10 ** digits)}`;
  };
}

const placesOf = (list) => new Map([...list.children].map((item) => [item.dataset.ref, item.offsetTop]));

// Shows where a row went; nothing moves for people who asked for less motion.
function glide(list, places) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  for (const item of list.children) {
    const by = (places.get(item.dataset.ref) ?? item.offsetTop) - item.offsetTop;
    if (by) item.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], { duration: 160, easing: "ease-out" });
  }
}

customElements.define("rank-ballot", RankBallot);
