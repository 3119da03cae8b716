import type {Chart} from "./chart.js";
import {csv, png, resolveColors, save} from "./download.js";
import {provenance, type Source} from "./provenance.js";
import {useStyles} from "./styles.js";
import {type LiveChart, liveChart, type Row} from "./vega-chart.js";

export interface FigureOptions {
  /** Where the numbers come from. */
  readonly model?: Source;
  /** The stored picture that the live one replaces, an element or its id. */
  readonly stored?: HTMLElement | string;
  /** Of the cell: when it settles, the chart's memory is freed. */
  readonly invalidation?: Promise<void>;
}

/** A figure that shows one thing after another. */
export interface LiveFigure<Given extends readonly unknown[]> extends HTMLElement {
  /** Shows what the chart makes of this; the figure appears with the first. */
  show(...given: Given): Promise<void>;
}

const tableRows = 200;

/** A figure: the finding, how to read it, the chart; below it where the numbers come from, the numbers and files. */
export function figure<Given extends readonly unknown[]>(
  {name, caption, spec, of}: Chart<Given>,
  {model, stored, invalidation}: FigureOptions = {}
): LiveFigure<Given> {
  useStyles();
  const chart = liveChart(spec, {invalidation});
  const element = document.createElement("figure");
  element.className = "w-figure";
  element.hidden = true;
  const [text, sentence, reading] = ["figcaption", "strong", "span"].map((tag) =>
    document.createElement(tag)
  );
  reading.textContent = caption;
  text.append(sentence, reading);
  const from = model && provenance(model);
  const numbers = behind(name, chart);
  const below = document.createElement("div");
  below.className = "w-behind";
  below.append(...(from ? [from.element] : []), numbers.element);
  element.append(text, chart.element, below);

  const show = async (...given: Given) => {
    const {rows, finding, prompt} = of(...given);
    sentence.textContent = finding;
    numbers.show(rows);
    if (prompt !== undefined) from?.show(prompt);
    if (element.hidden) reveal(element, stored);
    await chart.update(rows);
  };
  return Object.assign(element, {show});
}

function reveal(element: HTMLElement, stored: FigureOptions["stored"]): void {
  element.hidden = false;
  const old = typeof stored === "string" ? document.getElementById(stored) : stored;
  if (old) old.hidden = true;
}

/** The table behind a chart and its files, drawn only while they are open. */
function behind(name: string, chart: LiveChart) {
  const element = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "Numbers and files";
  const files = document.createElement("div");
  const table = document.createElement("div");
  table.className = "w-rows";
  element.append(summary, files, table);
  let rows: readonly Row[] = [];
  const draw = () => element.open && table.replaceChildren(htmlTable(rows));
  const svg = async () => resolveColors(await chart.svg(), element);
  const kinds: [string, () => void | Promise<void>][] = [
    ["CSV", () => save(`${name}.csv`, csv(rows), "text/csv")],
    ["SVG", async () => save(`${name}.svg`, await svg(), "image/svg+xml")],
    ["PNG", async () => save(`${name}.png`, await png(await svg()), "image/png")],
    ["Spec", () => save(`${name}.vl.json`, JSON.stringify(specOf(chart, rows), null, 1))]
  ];
  for (const [kind, download] of kinds) {
    const button = document.createElement("button");
    button.className = "w-button";
    button.type = "button";
    button.textContent = kind;
    button.addEventListener("click", () => void download());
    files.append(button);
  }
  element.addEventListener("toggle", draw);
  return {
    element,
    show(next: readonly Row[]) {
      rows = next;
      draw();
    }
  };
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
