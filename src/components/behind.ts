import {csv, png, resolveColors, save} from "./download.js";
import {sqlText} from "./sql-text.js";
import type {LiveChart, Row} from "./vega-chart.js";

/** What a figure shows now, for those who take it elsewhere. */
export interface Held {
  readonly rows: readonly Row[];
  readonly sql?: string;
  /** Texts to copy, by name, made when they are asked for. */
  readonly texts: Readonly<Record<string, () => string>>;
}

const tableRows = 200;

/** The table behind a chart, its files, and texts to cite or embed it, drawn only while they are open. */
export function behind(name: string, chart: LiveChart) {
  const element = document.createElement("details");
  const [summary, files, table] = ["summary", "div", "div"].map((tag) =>
    document.createElement(tag)
  );
  summary.textContent = "Numbers and files";
  table.className = "w-rows";
  table.tabIndex = 0;
  table.setAttribute("role", "region");
  table.setAttribute("aria-label", "Numbers");
  const copied = document.createElement("textarea");
  copied.className = "w-copied";
  copied.readOnly = true;
  copied.hidden = true;
  element.append(summary, files, copied, table);
  let held: Held = {rows: [], texts: {}};
  const draw = () => element.open && table.replaceChildren(htmlTable(held.rows));
  element.addEventListener("toggle", draw);
  const svg = async () => resolveColors(await chart.svg(), element);
  const downloads: [string, () => void | Promise<void>][] = [
    ["CSV", () => save(`${name}.csv`, csv(held.rows), "text/csv")],
    ["SVG", async () => save(`${name}.svg`, await svg(), "image/svg+xml")],
    ["PNG", async () => save(`${name}.png`, await png(await svg()), "image/png")],
    ["SQL", () => save(`${name}.sql`, sqlText(name, held.rows, held.sql))],
    ["Spec", () => save(`${name}.vl.json`, JSON.stringify(specOf(chart, held.rows), null, 1))]
  ];
  for (const [kind, download] of downloads) files.append(button(kind, () => void download()));
  const copy = (kind: string) => {
    copied.hidden = false;
    copied.value = held.texts[kind]();
    copied.setAttribute("aria-label", kind);
    copied.rows = Math.min(9, copied.value.split("\n").length + 1);
    copied.select();
    void navigator.clipboard?.writeText(copied.value).catch(() => {});
  };
  let offered = "";
  return {
    element,
    show(next: Held) {
      held = next;
      const kinds = Object.keys(next.texts);
      if (offered !== String(kinds)) {
        offered = String(kinds);
        files.append(...kinds.map((kind) => button(kind, () => copy(kind))));
      }
      copied.hidden = true;
      draw();
    }
  };
}

function button(text: string, use: () => void): HTMLButtonElement {
  const element = document.createElement("button");
  element.className = "w-button";
  element.type = "button";
  element.textContent = text;
  element.addEventListener("click", use);
  return element;
}

const specOf = ({spec}: LiveChart, rows: readonly Row[]) => ({
  ...spec,
  data: {name: "rows", values: rows}
});

function htmlTable(rows: readonly Row[]): HTMLTableElement {
  const table = document.createElement("table");
  const names = Object.keys(rows[0] ?? {});
  const head = table.createTHead().insertRow();
  for (const name of names) {
    const th = document.createElement("th");
    th.textContent = name;
    head.append(th);
  }
  const body = table.createTBody();
  for (const row of rows.slice(0, tableRows)) {
    const tr = body.insertRow();
    for (const name of names) tr.insertCell().textContent = shown(row[name]);
  }
  if (rows.length > tableRows)
    table.createCaption().textContent = `The first ${tableRows} of ${rows.length} rows; the CSV has them all.`;
  return table;
}

const shown = (value: unknown): string =>
  typeof value === "number" && !Number.isInteger(value)
    ? String(Number(value.toPrecision(4)))
    : String(value);
