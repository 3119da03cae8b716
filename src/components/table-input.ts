import type {ColumnTable} from "../tables/arquero.js";
import {ownSql} from "../tables/own-tables.js";
import {
  ColumnError,
  type Kind,
  type RawTable,
  shapeTable,
  type Wanted
} from "../tables/read-columns.js";
import {jsonTable} from "../tables/read-json.js";
import {MAX_BYTES, readTable, type TableFile} from "../tables/read-table.js";
import {onDrop} from "./drop-target.js";
import {droppedFile} from "./dropped-file.js";
import {useStyles} from "./styles.js";
import {columnChoice} from "./column-choice.js";

export interface TableOptions {
  readonly label?: string;
  /**
   * The columns that the page needs, in an array where any values will do, else each with what it
   * holds in every row; other columns come along.
   */
  readonly columns?: readonly string[] | Wanted;
  /** What to start with: a file, such as a `FileAttachment`, or rows. */
  readonly value?: TableFile | Iterable<object>;
}

/** An input whose value is a table. */
export interface TableInput extends HTMLElement {
  readonly value: ColumnTable | undefined;
}

/** How many rows are shown of a table. */
const SHOWN = 5;

/**
 * A place to drop or pick a CSV, TSV, JSON, JSON-lines or Parquet file of at most 50 MB, which is read
 * in the page and sent nowhere. Its value is an arquero table that has the columns wanted; a file that
 * cannot be used is said so, and the table before it stays.
 */
function tableInput({
  label = "Table",
  columns = {},
  value: initial
}: TableOptions = {}): TableInput {
  useStyles();
  const wanted = wantedColumns(columns);
  const element = document.createElement("div");
  element.className = "w-table";
  element.innerHTML = `<label><b></b><input type="file" accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet"></label>
    <small>or drop a file here: CSV, TSV, JSON, JSON lines or Parquet, at most ${MAX_BYTES / 1e6} MB; it stays on your device</small>
    <div class="w-held" role="status"></div><div class="w-problem" role="alert"></div>
    <details class="w-rows-first" hidden><summary></summary></details>`;
  const part = <E extends HTMLElement>(selector: string) => element.querySelector<E>(selector)!;
  part("b").textContent = label;
  const [input, held, problem, rows] = [
    part<HTMLInputElement>("input"),
    part(".w-held"),
    part(".w-problem"),
    part<HTMLDetailsElement>("details")
  ];
  let value: ColumnTable | undefined;
  let newest = 0;

  const accept = async (raw: RawTable, from: Readonly<Record<string, string>> = {}) => {
    const shaped = await shapeTable(raw, wanted, from);
    value = shaped;
    problem.replaceChildren();
    const [count, names] = [shaped.numRows().toLocaleString("en"), shaped.columnNames()];
    held.textContent = `${raw.name} · ${count} rows · ${names.length} columns`;
    rows.replaceChildren(...firstRows(shaped));
    rows.hidden = false;
    element.dispatchEvent(new Event("input", {bubbles: true}));
  };
  const refuse = (error: Error, raw?: RawTable) => {
    problem.textContent = error.message;
    const isEnough = raw && raw.columns.size >= Object.keys(wanted).length;
    if (isEnough && error instanceof ColumnError)
      problem.append(columnChoice(wanted, raw, (from) => void take(() => raw, from)));
  };
  const take = async (
    read: () => RawTable | Promise<RawTable>,
    from?: Readonly<Record<string, string>>
  ) => {
    const mine = ++newest;
    let raw: RawTable | undefined;
    try {
      raw = await read();
      if (mine === newest) await accept(raw, from);
    } catch (error) {
      if (mine === newest) refuse(error as Error, raw);
    }
  };
  const takeFile = (file: TableFile) => take(() => readTable(file));

  input.addEventListener("input", (event) => event.stopPropagation());
  input.addEventListener("change", () => {
    if (input.files?.[0]) void takeFile(input.files[0]);
    input.value = "";
  });
  onDrop(element, (transfer) => void take(() => readTable(droppedFile(transfer))));
  if (initial && "arrayBuffer" in initial) void takeFile(initial);
  else if (initial) void take(() => jsonTable(label, [...initial]));
  return Object.defineProperty(element, "value", {get: () => value}) as unknown as TableInput;
}

const wantedColumns = (columns: readonly string[] | Wanted): Wanted =>
  Array.isArray(columns)
    ? Object.fromEntries(columns.map((name: string): [string, Kind] => [name, "any"]))
    : (columns as Wanted);

/** The first rows of a table, behind a summary that says how many. */
function firstRows(table: ColumnTable): HTMLElement[] {
  const summary = document.createElement("summary");
  summary.textContent = `First ${Math.min(SHOWN, table.numRows())} rows`;
  const shown = document.createElement("table");
  const names = table.columnNames();
  const head = shown.createTHead().insertRow();
  for (const name of names) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    head.append(cell);
  }
  const body = shown.createTBody();
  for (const row of table.slice(0, SHOWN).objects() as Readonly<Record<string, unknown>>[]) {
    const line = body.insertRow();
    for (const name of names) line.insertCell().textContent = shownValue(row[name]);
  }
  const place = document.createElement("div");
  place.className = "w-rows";
  place.tabIndex = 0;
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", summary.textContent);
  place.append(shown);
  return [summary, place];
}

function shownValue(value: unknown): string {
  if (value === null || value === undefined) return "–";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/**
 * A control for a table of one's own. `table.sql({name: table, …})` stores tables under names in the
 * page's DuckDB and gives the `sql` to query them with: named `sql` in a cell, every `sql` cell follows.
 */
export const table = Object.assign(tableInput, {sql: ownSql});
