import {beforeAll, describe, expect, it} from "vitest";
import {readGraph, writeGraph} from "../../../src/model/attribution-graph.js";
import {circuitGraph, circuitNodeOf} from "../../../src/model/circuit/circuit-graph.js";
import {type Target, valueOf} from "../../../src/model/circuit/cut.js";
import type {FrozenPass} from "../../../src/model/circuit/frozen-pass.js";
import {greedyPaths, type PathNode, prunePaths} from "../../../src/model/circuit/paths.js";
import {smallCircuit} from "../../support/small-circuit.js";
import {SMALL_MODELS} from "../../support/small-models.js";

const TARGET: Target = {
  ...{kind: "logits", pos: 4},
  weights: [
    [2, 1],
    [7, -1]
  ]
};

const isWhole = ({value, parts, bias, pruned, scale}: PathNode): void => {
  if (scale !== null)
    expect(parts.reduce((sum, part) => sum + part.value, bias + pruned)).toBeCloseTo(value, 4);
  parts.forEach(isWhole);
};
const count = ({parts}: PathNode): number => parts.reduce((sum, part) => sum + count(part), 1);

describe.each(SMALL_MODELS)("paths in a %s", (_, config) => {
  let pass: FrozenPass;
  beforeAll(async () => {
    pass = await smallCircuit(config);
  });

  it("keep what they leave out, so that each node is the sum of its parts", () => {
    const root = greedyPaths(pass, TARGET, {keep: 6, depth: 3});
    expect(root.value).toBe(valueOf(pass, TARGET));
    expect(root.parts.length).toBe(6);
    isWhole(root);
  });

  it("take the largest parts first", () => {
    const whole = greedyPaths(pass, TARGET, {keep: 1e6, depth: 1});
    expect(whole.pruned).toBe(0);
    const sizes = whole.parts.map(({value}) => Math.abs(value)).sort((a, b) => b - a);
    const few = greedyPaths(pass, TARGET, {keep: 4, depth: 1});
    expect(few.parts.map(({value}) => Math.abs(value))).toEqual(sizes.slice(0, 4));
  });

  it("are pruned by influence, and still add up", () => {
    const root = greedyPaths(pass, TARGET, {keep: 20, depth: 3});
    const pruned = prunePaths(root, 0.6);
    expect(count(pruned)).toBeGreaterThan(1);
    expect(count(pruned)).toBeLessThan(count(root));
    isWhole(pruned);
    expect(prunePaths(root, 1)).toEqual(root);
  });

  it("make a graph that goes out and comes in as it was", () => {
    const root = greedyPaths(pass, TARGET, {keep: 20, depth: 3});
    const names = {
      slug: "test",
      scan: "small",
      convention: "raw" as const,
      text: (id: number) => `t${id}`
    };
    const graph = circuitGraph(pass, TARGET, root, names);
    expect(readGraph(writeGraph(graph))).toEqual(graph);
    const ids = new Set(graph.nodes.map(({node_id}) => node_id));
    expect(ids.size).toBe(graph.nodes.length);
    for (const {source, target} of graph.links) {
      expect(ids).toContain(source);
      expect(ids).toContain(target);
    }
    const top = String(graph.qParams.clickedId);
    const into = graph.links.filter(({target}) => target === top);
    expect(into.reduce((sum, {weight}) => sum + weight, 0)).toBeCloseTo(root.value, 4);
    const own = graph.nodes.map(circuitNodeOf).filter((node) => node !== null);
    for (const {node} of root.parts) expect(own).toContainEqual(node);
  });
});
