// Columns of a layer table can be sorted; without this script it is read as it stands.

function sortable(table) {
  const body = table.tBodies[0];
  const asWritten = [...body.rows];
  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const order = next(head.getAttribute("aria-sort"));
      for (const other of table.tHead.rows[0].cells) {
        other.removeAttribute("aria-sort");
      }
      if (order) {
        head.setAttribute("aria-sort", order);
      }
      body.append(...sorted(asWritten, column, order));
    });
  }
}

// The largest first, then the smallest, then as written.
function next(order) {
  return order === "descending" ? "ascending" : order === "ascending" ? null : "descending";
}

function sorted(rows, column, order) {
  if (!order) {
    return rows;
  }
  const sign = order === "descending" ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [one, other].map((row) => value(row.cells[column]));
    const both = typeof a === "number" && typeof b === "number";
    return sign * (both ? a - b : String(a).localeCompare(String(b)));
  });
}

function value(cell) {
  const exact = cell.querySelector("data");
  const text = exact ? exact.value : cell.textContent.trim().replace(/[\s,%]/g, "");
  return text !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
}

document.querySelectorAll("table.layers__table").forEach(sortable);
