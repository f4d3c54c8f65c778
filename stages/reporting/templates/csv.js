// Every table as CSV: a button below it writes what it shows, offline, with no cell that a
// spreadsheet would run.
(() => {
  const PLAIN = /^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$/;
  const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

  // A number as a number, anything else as text.
  function field(cell) {
    const text = cell.dataset.csv ?? cell.textContent;
    const said = text.replaceAll("\u00a0", " ").trim();
    const number = said.replace(/^\u2212/, "-");
    if (PLAIN.test(number)) return number.replaceAll(",", "").replace(/^\+/, "");
    const inert = FORMULA.test(said) ? `'${said}` : said;
    return `"${inert.replaceAll('"', '""')}"`;
  }

  function csv(table) {
    const rows = Array.from(table.rows).filter((row) => !row.matches(".scale, .of-base"));
    const cells = (row) => Array.from(row.cells).filter((cell) => !cell.classList.contains("strip"));
    return rows.map((row) => cells(row).map(field).join(",")).join("\r\n") + "\r\n";
  }

  function save(table, name) {
    // The mark tells spreadsheets that this is UTF-8.
    const url = URL.createObjectURL(new Blob(["\ufeff" + csv(table)], { type: "text/csv" }));
    const link = document.createElement("a");
    Object.assign(link, { href: url, download: `${name}.csv` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  for (const table of document.querySelectorAll("table")) {
    const box = table.closest(".wide") ?? table;
    const said = table.getAttribute("aria-label") ?? box.getAttribute("aria-label") ?? "table";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "csv";
    button.textContent = "CSV";
    button.setAttribute("aria-label", `Save as CSV: ${said}`);
    button.addEventListener("click", () => save(table, said.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60)));
    const caption = table.matches(".panel") ? table.parentNode.querySelector("figcaption") : null;
    if (caption) caption.prepend(button);
    else box.after(button);
  }
})();
