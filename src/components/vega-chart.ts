import type {TopLevelSpec} from "vega-lite";
import {rowsOf} from "./chart-rows.js";
import {showTooltip} from "./tooltip.js";
import {vegaSpec} from "./vega-spec.js";

/** A row of the table behind a chart. */
export type Row = Readonly<Record<string, unknown>>;

/** A chart whose data come later, and again and again. */
export interface LiveChart {
  readonly element: HTMLElement;
  readonly spec: TopLevelSpec;
  /** Shows these rows; calls that come while one is being drawn are skipped but for the newest. */
  update(rows: readonly Row[]): Promise<void>;
  /** The picture as it is now. */
  svg(): Promise<string>;
}

/** Fired, bubbling, with the rows that a chart was given. */
export const rowsEvent = "workings-rows";
/** Fired, bubbling, with the row of the mark that was clicked, or null beside all marks. */
export const pickEvent = "workings-pick";

declare global {
  interface HTMLElementEventMap {
    "workings-rows": CustomEvent<readonly Row[]>;
    "workings-pick": CustomEvent<Row | null>;
  }
}

interface Options {
  /** Of the cell: when it settles, the chart's memory is freed. */
  readonly invalidation?: Promise<void>;
}

/** Vega never forgets the keys of rows that a transform derived, so a view is made anew after so many. */
const LIFETIME = 24;

/** Draws a Vega-Lite spec over `{name: "rows"}`; Vega is loaded when the first rows come. */
export function liveChart(spec: TopLevelSpec, {invalidation}: Options = {}): LiveChart {
  const element = document.createElement("div");
  element.className = "w-chart";
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", spec.description ?? "Chart");
  let started: ReturnType<typeof start> | undefined;
  let next: readonly Row[] | undefined;
  let drawing: Promise<void> | undefined;
  let ended = false;
  let updates = 0;

  const draw = async () => {
    while (next && !ended) {
      const rows = next;
      next = undefined;
      if (++updates % LIFETIME === 0) {
        (await started)?.finalize();
        started = undefined;
      }
      const {show} = await (started ??= start(element, spec));
      await show(rows);
    }
  };
  void invalidation?.then(async () => {
    ended = true;
    (await started)?.finalize();
  });
  return {
    element,
    spec,
    update(rows) {
      next = rows;
      element.dispatchEvent(new CustomEvent(rowsEvent, {bubbles: true, detail: rows}));
      drawing ??= draw().finally(() => (drawing = undefined));
      return drawing;
    },
    svg: async () => (await (started ??= start(element, spec))).view.toSVG()
  };
}

async function start(element: HTMLElement, spec: TopLevelSpec) {
  const [vega, {compile}] = await Promise.all([import("vega"), import("vega-lite")]);
  const parsed = vega.parse(vegaSpec(compile, spec, element.clientWidth || 640));
  const view = new vega.View(parsed, {renderer: "svg", hover: true});
  view.tooltip((_, event, __, value) => showTooltip(event, value)).initialize(element);
  view.addEventListener("click", (_, item) => {
    const detail = (item?.datum as Row | undefined) ?? null;
    element.dispatchEvent(new CustomEvent(pickEvent, {bubbles: true, detail}));
  });
  const fills = !("width" in spec);
  const observer = new ResizeObserver(() => {
    allowScrolling(element);
    if (!fills) return;
    if (element.clientWidth > 0 && element.clientWidth !== view.width())
      view.width(element.clientWidth).run();
  });
  observer.observe(element);
  const show = rowsOf(vega, view, spec, () => element.clientWidth);
  return {
    view,
    show: async (rows: readonly Row[]) => {
      const middle = await show(rows);
      allowScrolling(element);
      if (middle !== undefined) element.scrollLeft = middle - element.clientWidth / 2;
    },
    finalize() {
      observer.disconnect();
      view.finalize();
    }
  };
}

/** The arrow keys scroll a chart that is wider than its place; the page marks where it is cut. */
function allowScrolling(element: HTMLElement): void {
  if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
  else element.removeAttribute("tabindex");
  element.dispatchEvent(new Event("scroll"));
}
