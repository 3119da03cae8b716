type Cell = Node | string | number;

/** A table as wide as its cells, in a place that scrolls, by keyboard too, where there is less room. */
export function plainTable(
  heads: readonly string[],
  rows: readonly (readonly (Cell | readonly Cell[])[])[]
): HTMLElement {
  const place = document.createElement("div");
  place.style.overflowX = "auto";
  place.tabIndex = 0;
  const table = document.createElement("table");
  const [head, body] = [table.createTHead(), table.createTBody()];
  const line = head.insertRow();
  for (const text of heads)
    line.append(Object.assign(document.createElement("th"), {textContent: text}));
  for (const cells of rows) {
    const row = body.insertRow();
    for (const cell of cells) row.insertCell().append(...[cell].flat().map(nodeOf));
  }
  place.append(table);
  return place;
}

const nodeOf = (cell: Cell): Node | string => (typeof cell === "number" ? String(cell) : cell);
