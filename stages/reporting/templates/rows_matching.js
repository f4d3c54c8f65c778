"use strict";
// Which rows a reader asked for, and how that is written behind the page's address. Knows nothing of
// the page; `data` is what rows.py gathered.
const Matching = (() => {
  const KEYS = ["q", "slice", "origin", "arm", "outcome", "cut", "without", "row"];

  // Nothing asked: all rows, all answers.
  const nothing = (data) => ({ q: "", slice: "", origin: "", arm: data.chosen, outcome: "", cut: "", without: "", row: "" });

  // What became of a row by an arm: by the metric's score against the arm's base.
  function outcome(data, row, arm) {
    const gain = row.answers[arm].gain;
    if (gain === undefined) return "";
    return gain === 0 ? "tied" : data.outcomes[gain > 0 ? 0 : 1];
  }

  const folded = (text) => String(text).normalize("NFKC").toLowerCase();
  const texts = (row) => [row.id, row.input, row.reference, ...Object.values(row.answers).map((given) => given.text), row.nearest?.text ?? ""];
  const found = new Map();
  function has(row, wanted) {
    if (!found.has(row)) found.set(row, texts(row).map(folded));
    return found.get(row).some((text) => text.includes(wanted));
  }

  function matches(data, row, asked) {
    return (
      (!asked.slice || String(row.slice) === asked.slice) &&
      (!asked.origin || (row.origins ?? []).includes(asked.origin)) &&
      (!asked.outcome || outcome(data, row, asked.arm) === asked.outcome) &&
      (!asked.cut || row.answers[asked.arm].hit_limit === true) &&
      (!asked.q || has(row, folded(asked.q)))
    );
  }

  // `#row=…&outcome=won`; only what differs from asking nothing. Empty where nothing does.
  function written(data, asked) {
    const plain = nothing(data);
    const said = KEYS.filter((key) => asked[key] !== plain[key]).map((key) => [key, asked[key]]);
    return said.length ? `#${new URLSearchParams(said)}` : "";
  }

  // What an address asks for; null where its end is another's, like a section's.
  function read(data, hash) {
    const said = new URLSearchParams(hash.slice(1));
    if (!hash.includes("=") || !KEYS.some((key) => said.has(key))) return null;
    const asked = nothing(data);
    for (const key of KEYS) asked[key] = said.get(key) ?? asked[key];
    if (!data.arms.some(({ name }) => name === asked.arm)) asked.arm = data.chosen;
    return asked;
  }

  return { nothing, outcome, matches, written, read };
})();
