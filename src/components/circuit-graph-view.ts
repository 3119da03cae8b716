import type {AttributionGraph, GraphNode} from "../model/attribution-graph.js";
import {useStyles} from "./styles.js";
import {visible} from "./token-text.js";

const SVG = "http://www.w3.org/2000/svg";
const [COLUMN, ROW, LEFT, TOP] = [64, 64, 74, 20];

/** A graph of signed edges: tokens from left to right, layers from the bottom up. */
export interface CircuitGraphView extends HTMLElement {
  show(graph: AttributionGraph): void;
}

const make = (name: string, attributes: Readonly<Record<string, string | number>>): SVGElement => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
};

/** The row of a node: embeddings stand below layer 0. */
const ownLevel = ({layer}: GraphNode): number => (layer === "E" ? -1 : Number(layer));

const isLeft = ({feature_type: kind}: GraphNode): boolean =>
  kind === "bias" || kind === "pruning error";

/** Each node can be reached by the Tab key and says its name and its links. */
export function circuitGraphView(): CircuitGraphView {
  useStyles();
  const element = document.createElement("div");
  element.style.overflowX = "auto";
  const said = document.createElement("p");
  said.setAttribute("aria-live", "polite");
  return Object.assign(element, {
    show(graph: AttributionGraph) {
      const {nodes, links, metadata} = graph;
      const tokens = metadata.prompt_tokens;
      const byId = new Map(nodes.map((node) => [node.node_id, node]));
      // what is left of a node stands beside it
      const levelOf = (node: GraphNode): number => {
        const to = isLeft(node) && links.find(({source}) => source === node.node_id)?.target;
        return ownLevel((to && byId.get(to)) || node);
      };
      const levels = [...new Set(nodes.map(levelOf))].sort((a, b) => b - a);
      const places = new Map<string, readonly [number, number]>();
      const beside = new Map<string, number>();
      for (const node of nodes) {
        const cell = `${node.ctx_idx} ${levelOf(node)}`;
        const n = beside.get(cell) ?? 0;
        beside.set(cell, n + 1);
        const shift = (n % 4) * 13 - 20;
        places.set(node.node_id, [
          LEFT + node.ctx_idx * COLUMN + COLUMN / 2 + shift,
          TOP + levels.indexOf(levelOf(node)) * ROW + ROW / 2 + Math.floor(n / 4) * 10 - 14
        ]);
      }
      const [width, height] = [LEFT + tokens.length * COLUMN, TOP + levels.length * ROW + 24];
      const svg = make("svg", {width, height, viewBox: `0 0 ${width} ${height}`, role: "group"});
      svg.setAttribute(
        "aria-label",
        "Circuit: tokens from left to right, layers from the bottom up"
      );
      const most = Math.max(...links.map(({weight}) => Math.abs(weight)), 1e-9);
      for (const {source, target, weight} of links) {
        const [[x1, y1], [x2, y2]] = [places.get(source)!, places.get(target)!];
        const color = weight < 0 ? "var(--w-second)" : "var(--w-accent)";
        const share = Math.abs(weight) / most;
        svg.append(
          make("line", {
            x1,
            y1,
            x2,
            y2,
            stroke: color,
            "stroke-width": 0.6 + 4 * share,
            opacity: 0.25 + 0.6 * share
          })
        );
      }
      const name = (id: string) => {
        const node = byId.get(id)!;
        return (
          node.clerp || `${node.feature_type.replace("cross layer transcoder", "feature")} ${id}`
        );
      };
      for (const node of nodes) {
        const [cx, cy] = places.get(node.node_id)!;
        const circle = make("circle", {
          cx,
          cy,
          r: isLeft(node) ? 2.5 : 5,
          tabindex: 0,
          fill: "currentColor"
        });
        const into = links.filter(({target}) => target === node.node_id).length;
        const out = links.filter(({source}) => source === node.node_id);
        const gives = out.map(({target, weight}) => `${weight.toFixed(2)} to ${name(target)}`);
        const text = `${name(node.node_id)}: ${into} parts${gives.length > 0 ? `; gives ${gives.join(", ")}` : ""}`;
        circle.setAttribute("role", "img");
        circle.setAttribute("aria-label", text);
        const title = make("title", {});
        title.textContent = text;
        circle.append(title);
        for (const event of ["focus", "mouseenter"])
          circle.addEventListener(event, () => (said.textContent = text));
        svg.append(circle);
      }
      const label = (x: number, y: number, text: string, anchor: string) => {
        const place = make("text", {
          x,
          y,
          "text-anchor": anchor,
          "font-size": 11,
          fill: "currentColor"
        });
        place.textContent = text;
        svg.append(place);
      };
      for (const [i, level] of levels.entries())
        label(
          LEFT - 8,
          TOP + i * ROW + ROW / 2,
          level < 0
            ? "tokens"
            : level > Number(metadata.layers ?? Infinity)
              ? "logits"
              : `layer ${level}`,
          "end"
        );
      for (const [pos, token] of tokens.entries())
        label(LEFT + pos * COLUMN + COLUMN / 2, height - 6, visible(token), "middle");
      element.replaceChildren(svg, said);
    }
  });
}
