"use strict";
// One row as a card. Texts of data and models become text nodes, never markup.
const View = (() => {
  // Of a text of more characters or lines the beginning is shown, and the rest when asked to.
  const TALL = 400;
  const LINES = 9;
  const MARKS = { same: null, more: "ins", less: "del" };
  const NEAREST = "nearest";

  // An element with attributes and children; a text among them stays text, null is left out.
  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  const number = (value, digits) => value.toFixed(digits).replace("-", "−");

  // All that can be shown beside input and reference, in order, with the names of the check boxes.
  function answers(data) {
    const trained = data.rows.some((row) => row.nearest) ? [{ name: NEAREST, title: "nearest training row" }] : [];
    return [...data.arms, ...trained];
  }

  // "chrF 34.20, won by 12.10"
  function standing(data, row, arm) {
    const { label, digits } = data.metric;
    const { score, gain } = row.answers[arm];
    if (score === undefined) return [`${label}: not scored`];
    const became = Matching.outcome(data, row, arm);
    const by = gain ? ` by ${number(Math.abs(gain), digits)}` : "";
    const said = became ? [", ", element("span", { class: became }, `${became}${by}`)] : [];
    return [`${label} ${number(score, digits)}`, ...said];
  }

  // A text as nodes, with its differences from a reference marked unless that is null, and a remark.
  function written(text, reference) {
    if (!text.trim()) return [[element("span", { class: "quiet" }, text ? "(blank)" : "(empty)")], ""];
    if (reference === null) return [[text], ""];
    const { parts, whole, kin } = Words.differences(reference, text);
    const nodes = parts.map(([kind, part]) => (MARKS[kind] ? element(MARKS[kind], {}, part) : part));
    return [nodes, kin ? (whole ? "" : "only its beginning is compared") : "shares too little with the reference to mark"];
  }

  // A text below its title and what there is to say about it; `open`: all of it, however long.
  function block({ title, notes = [], text, reference = null, kind = "", open = false }) {
    const [nodes, remark] = written(text, reference);
    const made = element("div", { class: `block ${kind}` },
      element("h4", {}, title, notes.length ? element("span", { class: "quiet" }, ...notes) : null),
      element("bdi", {}, ...nodes),
      remark ? element("p", { class: "quiet" }, remark) : null);
    if (open || (text.length <= TALL && text.split("\n").length <= LINES)) return made;
    const more = element("button", { type: "button" }, `Show all ${text.length.toLocaleString("en")} characters`);
    more.addEventListener("click", () => {
      const shown = unfolded(made);
      // Where the button was, the keyboard goes on.
      shown.tabIndex = -1;
      shown.focus({ preventScroll: true });
    });
    made.classList.add("tall");
    made.append(more);
    return made;
  }

  // `marking`: differences from the reference are marked.
  function card(data, row, asked, marking) {
    const without = asked.without.split(",");
    // Of a row that was searched for the hit may lie anywhere.
    const all = { reference: marking ? row.reference : null, open: asked.q !== "" };
    const blocks = answers(data).filter(({ name }) => !without.includes(name)).map(({ name, title }) => {
      if (name === NEAREST) return row.nearest ? block({ title, notes: [origin(row.nearest)], text: row.nearest.text, ...all }) : null;
      const { text, hit_limit } = row.answers[name];
      const cut = hit_limit ? [", ", element("span", { class: "cut" }, "hit the limit")] : [];
      const kind = name === asked.arm ? "chosen" : "";
      return block({ title, notes: [...standing(data, row, name), ...cut], text, kind, ...all });
    }).filter((made) => made !== null);
    const about = [row.slice, row.origins?.join(", ")].filter((part) => part !== undefined);
    const link = element("a", { href: Matching.written(data, { ...asked, row: row.id }) }, element("code", {}, row.id));
    const given = [["input", row.input], ["reference", row.reference]].map(([title, text]) => block({ title, text, open: all.open }));
    return element("article", { class: "card" },
      element("h3", {}, link, element("span", { class: "quiet" }, about.join(" · "))),
      element("div", { class: "given" }, ...given),
      element("div", { class: "answers" }, ...blocks));
  }

  const origin = ({ from, similarity }) => `${from}, similarity ${number(similarity, 2)}`;

  function unfolded(block) {
    block.classList.remove("tall");
    block.querySelector("button").remove();
    return block.querySelector("bdi");
  }

  // Texts that have room enough after all need no button.
  function settle(shown) {
    for (const block of shown.querySelectorAll(".tall")) {
      const text = block.querySelector("bdi");
      if (text.scrollHeight <= text.clientHeight) unfolded(block);
    }
  }

  // The words that were searched for, painted where the browser can; the text stays as it is.
  function paint(shown, wanted) {
    if (typeof Highlight === "undefined") return;
    const ranges = wanted ? [...shown.querySelectorAll("bdi")].flatMap((text) => places(text, wanted.toLowerCase())) : [];
    CSS.highlights.set("searched", new Highlight(...ranges));
  }

  // A place may begin in one text node and end in another: marks part them.
  function places(text, wanted) {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    const letters = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentNode.closest("del, .quiet")) for (let at = 0; at < node.length; at++) letters.push([node, at]);
    }
    const whole = letters.map(([node, at]) => node.data[at]).join("").toLowerCase();
    const ranges = [];
    // Where a letter's small one is longer than itself, places can't be told.
    for (let at = whole.indexOf(wanted); whole.length === letters.length && at >= 0; at = whole.indexOf(wanted, at + wanted.length)) {
      const range = new Range();
      range.setStart(...letters[at]);
      const [node, last] = letters[at + wanted.length - 1];
      range.setEnd(node, last + 1);
      ranges.push(range);
    }
    return ranges;
  }

  return { element, answers, card, settle, paint };
})();
