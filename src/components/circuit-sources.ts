import type {NodeChange} from "../model/circuit/change-nodes.js";
import type {Source} from "../model/circuit/sources.js";
import type {Traced} from "../model/circuit/trace.js";
import {nodeText} from "./node-text.js";
import {useStyles} from "./styles.js";

const SHOWN = 16;

/** A table of what a target is made of: an input whose value is the source that a reader chose. */
export interface CircuitSources extends HTMLElement {
  readonly value: Source | null;
  show(traced: Traced): void;
  /** What became of the target when the nodes were changed. */
  compare(changes: readonly NodeChange[]): void;
}

const shown = (value: number): string => value.toPrecision(3).replace("-", "−");

/** Choose a row by click or with Enter; "input" says so. */
export function circuitSources(list: "written" | "effects" = "written"): CircuitSources {
  useStyles();
  const element = document.createElement("div");
  element.style.overflowX = "auto";
  let traced: Traced | undefined;
  let sources: readonly Source[] = [];
  let value: Source | null = null;
  let changes: readonly NodeChange[] = [];
  const row = (cells: readonly string[], of: "th" | "td" = "td") => {
    const line = document.createElement("tr");
    for (const [i, text] of cells.entries()) {
      const cell = document.createElement(of);
      cell.textContent = text;
      if (i > 0) cell.style.textAlign = "right";
      line.append(cell);
    }
    return line;
  };
  const draw = () => {
    if (!traced) return;
    const table = document.createElement("table");
    const {tokens, scale} = traced;
    const names = ["adds", "activation", "weight product", "contribution"];
    table.append(row([...names, ...(changes.length > 0 ? ["foretold", "had"] : [])], "th"));
    for (const [i, source] of sources.entries()) {
      const {node, activation, weight, contribution} = source;
      const changed = changes[i];
      const line = row([
        nodeText(node, (pos) => tokens[pos].text),
        ...[activation, weight, contribution].map(shown),
        ...(changed ? [changed.predicted, changed.actual].map(shown) : [])
      ]);
      const button = document.createElement("button");
      button.type = "button";
      button.className = "w-button";
      button.textContent = line.cells[0].textContent;
      button.setAttribute("aria-pressed", String(source === value));
      button.addEventListener("click", () => {
        value = source;
        draw();
        element.dispatchEvent(new Event("input", {bubbles: true}));
      });
      line.cells[0].replaceChildren(button);
      table.append(line);
    }
    const note = document.createElement("p");
    note.textContent =
      list === "written"
        ? `Contribution = activation × weight product ÷ ${shown(scale)}, the norm’s divisor here. All together, biases included: ${shown(traced.value)}.`
        : "Contribution: what the node does in all, through attention and later features, with patterns and divisors held.";
    element.replaceChildren(table, note);
  };
  return Object.defineProperty(
    Object.assign(element, {
      show(next: Traced) {
        traced = next;
        sources = next[list].filter(({node}) => node.kind !== "bias").slice(0, SHOWN);
        changes = [];
        value = null;
        draw();
      },
      compare(next: readonly NodeChange[]) {
        changes = next;
        draw();
      }
    }),
    "value",
    {get: () => value}
  ) as unknown as CircuitSources;
}

/** The sources that the table shows, in its order. */
export const shownSources = (traced: Traced, list: "written" | "effects"): Source[] =>
  traced[list].filter(({node}) => node.kind !== "bias").slice(0, SHOWN);
