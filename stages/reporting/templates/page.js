"use strict";
// Tables of class "sortable": each header cell becomes a button that sorts the rows below it. They
// have one header row, and no spans but in rows that name a base: rows stay below theirs.
(() => {
  const NUMBER = /^[+\u2212-]?(?=\.?\d)(?:\d{1,3}(?:[,\u00a0\u2009\u202f]\d{3})+(?!\d)|\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/;
  const NOTHING = ["", "–", "—", "-"];
  const byText = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;

  // A number, a text, or null where the cell has no value.
  function keyOf(cell) {
    const given = cell?.dataset.sort;
    const text = (given ?? cell?.textContent ?? "").trim();
    if (NOTHING.includes(text)) return null;
    const start = given ?? text.match(NUMBER)?.[0] ?? "";
    const number = Number(start.replace("\u2212", "-").replace(/[,\u00a0\u2009\u202f]/g, ""));
    return start === "" || Number.isNaN(number) ? text : number;
  }

  // Numbers before texts, each among themselves.
  function compare(a, b) {
    if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
    return typeof a === "number" ? a - b : byText(a, b);
  }

  // Rows in lists: below each row that names a base its own, or all in one.
  function byBase(rows) {
    const groups = [{ head: [], own: [] }];
    for (const row of rows) {
      if (row.matches(".of-base")) groups.push({ head: [row], own: [] });
      else groups.at(-1).own.push(row);
    }
    return groups;
  }

  // Stable, so that sorting by one column and then by another keeps the first among equals. Cells
  // without a value stay last in both directions.
  function sort(table, header) {
    const rising = header.getAttribute("aria-sort") !== "ascending";
    for (const { head, own } of byBase(Array.from(table.tBodies[0].rows))) {
      const keyed = own.map((row) => ({ row, key: keyOf(row.cells[header.cellIndex]) }));
      keyed.sort((a, b) => {
        if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
        return rising ? compare(a.key, b.key) : compare(b.key, a.key);
      });
      table.tBodies[0].append(...head, ...keyed.map(({ row }) => row));
    }
    for (const other of header.parentNode.cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", rising ? "ascending" : "descending");
  }

  // Where a table is wider than its place, and on a phone, a row is a list: each cell is told what
  // its column is called.
  for (const table of document.querySelectorAll("table.stack, table.board")) {
    const heads = Array.from(table.tHead.rows[0].cells, (head) => head.textContent.trim());
    for (const row of table.tBodies[0].rows) {
      Array.from(row.cells).forEach((cell, place) => (cell.dataset.label = heads[place] ?? ""));
    }
  }
  const phone = matchMedia("(max-width: 44rem)");
  function fit() {
    for (const table of document.querySelectorAll("table.stack")) {
      table.classList.remove("stacked");
      const wide = table.scrollWidth > table.parentElement.clientWidth + 1;
      table.classList.toggle("stacked", phone.matches || wide);
    }
  }
  addEventListener("resize", fit);
  addEventListener("afterprint", fit);
  // What was folded had no width.
  document.addEventListener("toggle", fit, true);

  // On paper nothing is folded.
  addEventListener("beforeprint", () => {
    for (const table of document.querySelectorAll(".stacked")) table.classList.remove("stacked");
    for (const folded of document.querySelectorAll("details")) folded.open = true;
  });

  for (const table of document.querySelectorAll("table.sortable")) {
    for (const header of table.tHead.querySelectorAll("th")) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      button.addEventListener("click", () => sort(table, header));
      header.append(button);
    }
  }
  fit();
})();
