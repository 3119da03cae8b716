import type {Valued} from "./linked.js";
import {useStyles} from "./styles.js";
import {pickEvent, rowsEvent, type Row} from "./vega-chart.js";

type Scalar = string | number | boolean;

/** The fields of the chosen mark, or null while none is. */
export type Selected = Readonly<Record<string, Scalar>> | null;

/**
 * A control whose value is what a reader points at in a figure: the fields `by` of one mark. It is
 * set by a click in the chart or by the lists it shows, one a field, so that it works by keyboard
 * too. A choice that the figure's rows no longer have becomes null.
 */
export function selection(figure: HTMLElement, by: readonly string[]): Valued<Selected> {
  useStyles();
  const element = document.createElement("div");
  element.className = "w-selection";
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "Selection");
  figure.classList.add("w-pickable");
  const lists = by.map((field) => {
    const label = document.createElement("label");
    const list = document.createElement("select");
    label.append(field, list);
    element.append(label);
    list.addEventListener("change", () => choose(read(field)));
    return list;
  });
  let rows: readonly Row[] | undefined;
  let chosen: Selected = null;

  const has = (row: Row, wanted: Row) => by.every((field) => row[field] === wanted[field]);
  const read = (changed: string): Selected => {
    const picked = by.map(
      (field, i) => [field, options(field)[lists[i].selectedIndex - 1]] as const
    );
    if (picked.find(([field]) => field === changed)?.[1] === undefined) return null;
    const wanted = Object.fromEntries(picked);
    const near = rows?.filter((row) => row[changed] === wanted[changed]) ?? [];
    return fields(near.find((row) => has(row, wanted)) ?? near[0]);
  };
  const options = (field: string): Scalar[] =>
    [...new Set(rows?.map((row) => row[field]))].filter(isScalar).sort(inOrder);
  const fields = (row: Row | undefined): Selected => {
    const found = by.map((field) => [field, row?.[field]] as const);
    return found.every((pair): pair is [string, Scalar] => isScalar(pair[1]))
      ? Object.fromEntries(found)
      : null;
  };
  const draw = () => {
    for (const [i, list] of lists.entries()) {
      const values = options(by[i]);
      list.replaceChildren(...["–", ...values.map(String)].map((text) => new Option(text)));
      list.selectedIndex = chosen === null ? 0 : 1 + values.indexOf(chosen[by[i]]);
    }
  };
  const choose = (next: Selected) => {
    const same = JSON.stringify(next) === JSON.stringify(chosen);
    chosen = next;
    draw();
    if (!same) element.dispatchEvent(new Event("input", {bubbles: true}));
  };
  figure.addEventListener(pickEvent, ({detail}: CustomEvent<Row | null>) => {
    const next = detail && fields(detail);
    choose(next && chosen && has(next, chosen) ? null : next);
  });
  figure.addEventListener(rowsEvent, ({detail}: CustomEvent<readonly Row[]>) => {
    rows = detail;
    choose(chosen !== null && !rows.some((row) => has(row, chosen!)) ? null : chosen);
  });
  draw();
  return Object.defineProperty(element, "value", {
    get: () => chosen,
    set(next: unknown) {
      chosen = typeof next === "object" && next !== null ? fields(next as Row) : null;
      draw();
    }
  }) as HTMLElement as Valued<Selected>;
}

const isScalar = (value: unknown): value is Scalar =>
  ["string", "number", "boolean"].includes(typeof value);

const inOrder = (a: Scalar, b: Scalar): number =>
  typeof a === "number" && typeof b === "number" ? a - b : 0;
