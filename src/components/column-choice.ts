import type {RawTable, Wanted} from "../tables/read-columns.js";

/**
 * Lets a reader say which column of a file each column wanted is. Only what has the wanted name is
 * chosen before; nothing happens before the button, and without a column for each nothing at all.
 */
export function columnChoice(
  wanted: Wanted,
  {columns}: RawTable,
  choose: (from: Readonly<Record<string, string>>) => void
): HTMLElement {
  const element = document.createElement("div");
  element.className = "w-columns";
  const names = [...columns.keys()];
  const selects = Object.keys(wanted).map((column) => {
    const [label, select] = [document.createElement("label"), document.createElement("select")];
    select.append(new Option("–", ""), ...names.map((name) => new Option(name, name)));
    select.value = columns.has(column) ? column : "";
    label.append(`${column} is `, select);
    element.append(label);
    return [column, select] as const;
  });
  const button = document.createElement("button");
  button.type = "button";
  button.className = "w-button";
  button.textContent = "Use these columns";
  const missing = document.createElement("small");
  missing.setAttribute("role", "alert");
  button.addEventListener("click", () => {
    const from = Object.fromEntries(selects.map(([column, {value}]) => [column, value]));
    missing.textContent = choiceProblem(from);
    if (missing.textContent === "") choose(from);
  });
  element.append(button, missing);
  return element;
}

/** Why a choice cannot be taken, in a sentence, or nothing. */
export function choiceProblem(from: Readonly<Record<string, string>>): string {
  const chosen = Object.entries(from);
  const open = chosen.find(([, name]) => name === "")?.[0];
  if (open !== undefined) return `Choose the column that is ${open}.`;
  for (const [i, [column, name]] of chosen.entries()) {
    const other = chosen.slice(0, i).find(([, before]) => before === name)?.[0];
    if (other !== undefined)
      return `${other} and ${column} must be two columns, got ${name} for both.`;
  }
  return "";
}
