"use strict";
// Choose one of several alternatives, such as the plans.
for (const choice of document.querySelectorAll(".choice")) {
  const control = choice.querySelector(":scope > .control");
  const options = [...choice.querySelectorAll(":scope > .option")];
  const show = (n) => options.forEach((option, i) => { option.hidden = i !== n; });
  if (!control) continue;
  const select = control.querySelector("select");
  control.hidden = false;
  select.addEventListener("change", () => show(Number(select.value)));
  select.value = "0";
  show(0);
}
// Read the probabilities of a date off an S-curve, from the table behind it.
const DAY = 86400000;
const inWords = (day) => new Date(day * DAY).toLocaleDateString("en-GB",
  { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).replace(",", "");
for (const reader of document.querySelectorAll(".reader")) {
  const figure = reader.closest("figure");
  const [input, output, cursor] = [reader.querySelector("input"), reader.querySelector("output"), figure.querySelector(".cursor")];
  const names = [...figure.querySelectorAll("thead th")].slice(1).map((th) => th.textContent);
  const rows = [...figure.querySelectorAll("tbody tr")].map((row) => [...row.cells]);
  const [first, last] = [reader.dataset.first, reader.dataset.last].map((date) => Date.parse(date) / DAY);
  const [left, right] = [reader.dataset.left, reader.dataset.right].map(Number);
  const read = () => {
    const day = first + Number(input.value);
    const before = rows.filter((row) => Date.parse(row[0].dataset.v) / DAY <= day).pop();
    const shares = names.map((name, i) => name + " " + (before ? before[i + 1].textContent : "0"));
    output.textContent = "Live by " + inWords(day) + ": " + shares.join("; ");
    input.setAttribute("aria-valuetext", inWords(day));
    const x = left + (right - left) * (day - first) / (last - first || 1);
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
    cursor.style.visibility = "visible";
  };
  input.max = last - first;
  input.value = rows.length ? Date.parse(rows[0][0].dataset.v) / DAY - first : 0;
  input.addEventListener("input", read);
  reader.hidden = false;
  read();
}
// Sort a table by a column.
for (const table of document.querySelectorAll("table.sortable")) {
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", "Sort by " + head.textContent);
    head.append(" ", button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const number = (row) => row.cells[column].dataset.v;
      const words = (row) => row.cells[column].textContent;
      const order = (a, b) => {
        const [x, y] = [number(a), number(b)];
        if (x === undefined || y === undefined) return x === y ? compare(words(a), words(b)) : x === undefined ? 1 : -1;
        const up = isNaN(x) || isNaN(y) ? compare(x, y) : x - y;
        return down ? -up : up;
      };
      const body = table.tBodies[0];
      const rows = [...body.rows].sort(order);
      body.append(...(down && rows.every((row) => number(row) === undefined) ? rows.reverse() : rows));
    });
  });
}
