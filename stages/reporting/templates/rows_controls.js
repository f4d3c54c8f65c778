"use strict";
// What the browser of rows is operated by, as elements that do nothing yet; rows.js listens to them.
const Controls = (() => {
  // Check boxes that are worth their place on a wide screen.
  const MANY = 4;
  const { element } = View;

  // How many rows each value of a field has, in the order of the values.
  function counted(data, valuesOf) {
    const counts = new Map();
    for (const row of data.rows) for (const value of valuesOf(row)) counts.set(value, (counts.get(value) ?? 0) + 1);
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  const options = (any, pairs) => [element("option", { value: "" }, any), ...pairs.map(([value, n]) => element("option", { value }, `${value} (${n})`))];
  const key = (letter) => element("kbd", {}, letter);
  const button = (attributes, ...children) => element("button", { type: "button", ...attributes }, ...children);
  const labelled = (title, control, ...hint) => element("label", {}, element("span", {}, title, ...hint), control);

  function ticked(title, attributes = {}) {
    const tick = element("input", { type: "checkbox", ...attributes });
    return { tick, label: element("label", { class: "tick" }, tick, title) };
  }

  // A row in the list: its result, how it begins, its id.
  function entry(row) {
    const sign = element("span", { role: "img" });
    const opens = button({}, sign, element("bdi", {}, row.input.slice(0, 120) || "(empty)"), element("code", {}, row.id));
    return { item: element("li", {}, opens), opens, sign };
  }

  function build(data) {
    const slices = counted(data, (row) => (row.slice === undefined ? [] : [String(row.slice)]));
    const origins = counted(data, (row) => row.origins ?? []);
    const made = {
      q: element("input", { type: "search", placeholder: "input, reference or answers", "aria-keyshortcuts": "/" }),
      slice: element("select", {}, ...options("all", slices)),
      origin: element("select", {}, ...options("all", origins)),
      arm: element("select", {}, ...data.arms.map(({ name, title }) => element("option", { value: name }, title))),
      outcome: element("select"),
      cuts: element("span"),
      marking: ticked("mark differences from the reference", { checked: true }),
      shown: View.answers(data).map(({ name, title }) => ticked(title, { value: name, checked: true })),
      clear: button({}, "Clear"),
      every: button({}, "all"),
      few: button({}, "this arm and its base"),
      back: button({ "aria-label": "Previous row", "aria-keyshortcuts": "k" }, "← ", key("k")),
      on: button({ "aria-label": "Next row", "aria-keyshortcuts": "j" }, key("j"), " →"),
      place: element("output", { "aria-live": "polite" }),
      count: element("summary"),
      reader: element("div"),
      legend: element("p", { class: "legend quiet" }),
      entries: new Map(data.rows.map((row) => [row, entry(row)])),
    };
    const several = made.shown.length > MANY ? [made.every, made.few] : [];
    made.cut = ticked(made.cuts);
    made.list = element("ol", {}, ...Array.from(made.entries.values(), ({ item }) => item));
    made.pane = element("details", { class: "list" }, made.count, made.list);
    made.bar = element("div", { class: "bar" }, made.back, made.place, made.on);
    made.answers = element("details", { class: "shown" }, element("summary", {}, "Answers shown"),
      element("div", { role: "group", "aria-label": "Answers shown" }, ...made.shown.map(({ label }) => label), ...several, made.marking.label));
    made.browser = element("div", { class: "browser" },
      element("div", { class: "filters", role: "search", "aria-label": "Rows" },
        labelled("search ", made.q, key("/")),
        slices.length > 1 ? labelled(data.slice_by || "slice", made.slice) : null,
        origins.length > 1 ? labelled("origin", made.origin) : null,
        labelled("arm", made.arm), labelled("against its base", made.outcome), made.cut.label, made.clear),
      made.answers, made.bar,
      element("div", { class: "panes" }, made.pane, element("div", { class: "reader" }, made.reader, made.legend)));
    return made;
  }

  // Let the controls say what is asked, and of the arm which rows won and lost.
  function sync(data, made, asked) {
    const { title, against } = data.arms.find(({ name }) => name === asked.arm);
    const base = data.arms.find(({ name }) => name === against)?.title;
    const became = new Map(counted(data, (row) => [Matching.outcome(data, row, asked.arm)]));
    const words = [...data.outcomes, "tied"];
    made.outcome.replaceChildren(...options(base ? "any result" : "has no base", words.map((word) => [word, became.get(word) ?? 0])));
    made.outcome.disabled = !base;
    for (const name of ["q", "slice", "origin", "arm", "outcome"]) {
      if (made[name].value !== asked[name]) made[name].value = asked[name];
    }
    made.cut.tick.checked = asked.cut === "1";
    made.cuts.textContent = `hit the limit (${data.rows.filter((row) => row.answers[asked.arm].hit_limit).length})`;
    const without = asked.without.split(",");
    for (const { tick } of made.shown) tick.checked = !without.includes(tick.value);
    const [up, down] = data.outcomes;
    const signs = { [up]: "▲", [down]: "▼", tied: "=" };
    for (const [row, { sign }] of made.entries) {
      const word = Matching.outcome(data, row, asked.arm);
      sign.textContent = signs[word] ?? "·";
      sign.className = word;
      sign.setAttribute("aria-label", word || "not compared");
    }
    const marks = [element("ins", {}, "not in the reference"), " ", element("del", {}, "missing from the answer"), " "];
    made.legend.replaceChildren(...(made.marking.tick.checked ? marks : []),
      base ? `▲ ${up}, ▼ ${down}, = tied: ${title} beside ${base}, by ${data.metric.label} of that row.` : "");
  }

  // On a wide screen the list stands beside the row; on a phone it folds away, as do check boxes.
  function fold(made, wide) {
    made.pane.open = wide;
    made.answers.open = wide && made.shown.length <= MANY;
  }

  return { build, sync, fold };
})();
