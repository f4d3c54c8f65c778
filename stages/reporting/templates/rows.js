"use strict";
// The browser of rows: what is asked, which rows match, and the one that is read.
(() => {
  const box = document.getElementById("rows-data");
  if (!box) return;
  const data = JSON.parse(box.textContent);
  const made = Controls.build(data);
  const plain = Matching.nothing(data);
  const byId = new Map(data.rows.map((row) => [row.id, row]));
  const baseOf = (arm) => data.arms.find(({ name }) => name === arm).against;
  // What is asked, the rows that match, the one that is read, and what to say of one that is not here.
  let [asked, rows, current, missing] = [plain, data.rows, data.rows[0], ""];

  function show() {
    rows = data.rows.filter((row) => Matching.matches(data, row, asked));
    const matching = new Set(rows);
    if (!matching.has(current)) current = rows[0];
    for (const [row, { item, opens }] of made.entries) {
      item.hidden = !matching.has(row);
      if (row === current) opens.setAttribute("aria-current", "true");
      else opens.removeAttribute("aria-current");
    }
    const [all, at] = [data.rows.length, rows.indexOf(current)];
    made.place.textContent = missing || (current ? `Row ${at + 1} of ${rows.length}` : `No row of ${all} matches`);
    made.count.textContent = rows.length < all ? `${rows.length} of ${all} rows match` : `All ${all} rows`;
    made.back.disabled = at <= 0;
    made.on.disabled = at >= rows.length - 1;
    made.clear.hidden = ["q", "slice", "origin", "arm", "outcome", "cut"].every((key) => asked[key] === plain[key]);
    made.reader.replaceChildren(...(current ? [View.card(data, current, asked, made.marking.tick.checked)] : []));
    View.settle(made.reader);
    View.paint(made.reader, asked.q);
    const { list } = made;
    const item = made.entries.get(current)?.item;
    if (item) list.scrollTop = Math.min(Math.max(list.scrollTop, item.offsetTop + item.offsetHeight - list.clientHeight), item.offsetTop);
  }

  // The address leads back to what is shown. A page inside another may have none of its own.
  function note() {
    asked = { ...asked, row: current?.id ?? "" };
    try {
      history.replaceState(null, "", Matching.written(data, asked) || location.pathname + location.search);
    } catch { /* A link is a convenience. */ }
  }

  function ask(change) {
    asked = { ...asked, ...change };
    missing = "";
    Controls.sync(data, made, asked);
    show();
    note();
  }

  function go(row) {
    if (!row) return;
    const within = made.list.contains(document.activeElement);
    current = row;
    missing = "";
    show();
    note();
    if (within) made.entries.get(row).opens.focus({ preventScroll: true });
    const reader = made.reader.parentNode;
    if (reader.getBoundingClientRect().top < made.bar.offsetHeight) reader.scrollIntoView();
  }
  const step = (by) => go(rows[rows.indexOf(current) + by]);

  // What the address says, if it is ours; a row that the filters of a link leave out is shown anyway.
  function follow() {
    const wanted = Matching.read(data, location.hash);
    if (!wanted) return;
    const row = byId.get(wanted.row);
    missing = wanted.row && !row ? `Row ${wanted.row} is not on this page` : "";
    asked = row && !Matching.matches(data, row, wanted) ? { ...plain, row: row.id } : wanted;
    current = row ?? current;
    Controls.sync(data, made, asked);
    show();
    (row ? made.bar : made.browser).scrollIntoView();
  }

  made.q.addEventListener("input", () => ask({ q: made.q.value.trim() }));
  for (const key of ["slice", "origin", "outcome"]) made[key].addEventListener("change", () => ask({ [key]: made[key].value }));
  made.arm.addEventListener("change", () => ask({ arm: made.arm.value, outcome: baseOf(made.arm.value) ? asked.outcome : "" }));
  made.cut.tick.addEventListener("change", () => ask({ cut: made.cut.tick.checked ? "1" : "" }));
  made.marking.tick.addEventListener("change", () => ask({}));
  made.clear.addEventListener("click", () => {
    ask({ ...plain, without: asked.without });
    made.q.focus();
  });
  const hide = (unwanted) => ask({ without: made.shown.map(({ tick }) => tick).filter(unwanted).map((tick) => tick.value).join(",") });
  for (const { tick } of made.shown) tick.addEventListener("change", () => hide((other) => !other.checked));
  made.every.addEventListener("click", () => hide(() => false));
  made.few.addEventListener("click", () => hide((tick) => ![asked.arm, baseOf(asked.arm)].includes(tick.value)));
  made.back.addEventListener("click", () => step(-1));
  made.on.addEventListener("click", () => step(1));
  const wide = matchMedia("(min-width: 56rem)");
  wide.addEventListener("change", () => Controls.fold(made, wide.matches));
  for (const [row, { opens }] of made.entries) {
    opens.addEventListener("click", () => {
      if (!wide.matches) made.pane.open = false;
      go(row);
    });
  }
  window.addEventListener("hashchange", follow);

  // Letters work while the browser of rows is in sight; arrows, which scroll elsewhere, while it has
  // the focus.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    if (target.closest("input:not([type=checkbox]), select, textarea")) return;
    const { top, bottom } = made.browser.getBoundingClientRect();
    const within = made.browser.contains(target);
    const moves = within || (top < innerHeight && bottom > 0) ? { j: 1, k: -1 } : {};
    if (within) Object.assign(moves, { ArrowRight: 1, ArrowLeft: -1 });
    if (made.list.contains(target)) Object.assign(moves, { ArrowDown: 1, ArrowUp: -1 });
    if (key === "/") made.q.focus();
    else if (moves[key]) step(moves[key]);
    else return;
    event.preventDefault();
  });

  box.closest("section").classList.add("live");
  box.before(made.browser);
  Controls.fold(made, wide.matches);
  Controls.sync(data, made, asked);
  show();
  follow();
})();
