import type {RawTable, Wanted} from "../tables/read-columns.js";

/** Lets a reader say which column of a file each column wanted is; nothing happens before the button. */
export function columnChoice(
  wanted: Wanted,
  {columns}: RawTable,
  choose: (from: Readonly<Record<string, string>>) => void
): HTMLElement {
  const element = document.createElement("div");
  element.className = "w-columns";
  const names = [...columns.keys()];
  const selects = Object.keys(wanted).map((column, i) => {
    const [label, select] = [document.createElement("label"), document.createElement("select")];
    select.append(...names.map((name) => new Option(name)));
    select.value = columns.has(column) ? column : names[Math.min(i, names.length - 1)];
    label.append(`${column} is `, select);
    element.append(label);
    return [column, select] as const;
  });
  const button = document.createElement("button");
  button.type = "button";
  button.className = "w-button";
  button.textContent = "Use these columns";
  button.addEventListener("click", () =>
    choose(Object.fromEntries(selects.map(([column, {value}]) => [column, value])))
  );
  element.append(button);
  return element;
}
