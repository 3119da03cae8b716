import type {HostModel} from "../environment.js";
import {type Input, logitsOf, representations, written} from "./circuit.js";

/** An ordered class as a model's tokens. */
export interface TokenClass {
  readonly name: string;
  readonly members: readonly string[];
  readonly ids: readonly number[];
  readonly cyclic: boolean;
}

/** Heads of one layer, together. */
export interface Heads {
  readonly layer: number;
  readonly heads: readonly number[];
}

/** A class, and what stands for its members in the residual stream, `[members, width]`. */
export interface ReadClass {
  readonly of: TokenClass;
  readonly x: Float64Array;
}

/** Heads' weights, read as a table of which member calls for which. */
export interface OvMatrix {
  readonly of: TokenClass;
  /** `[members, members]`: rows are given, columns are what is called for. */
  readonly logits: Float64Array;
}

export const readClasses = (
  model: HostModel,
  classes: readonly TokenClass[],
  input: Input = "MLP0"
): ReadClass[] => classes.map((of) => ({of, x: representations(model, of.ids, input)}));

/** What the OV product of heads makes of each member of a class. */
export const ovMatrix = (
  model: HostModel,
  {layer, heads}: Heads,
  {of, x}: ReadClass
): OvMatrix => ({of, logits: logitsOf(model, written(model, layer, heads, x), of.ids)});

/** The column of the largest logit of a row. */
export function topOf({of: {ids}, logits}: OvMatrix, row: number): number {
  const own = logits.subarray(row * ids.length, (row + 1) * ids.length);
  return own.indexOf(Math.max(...own));
}

/** How many members have a successor, the first ones. */
export const rowsOf = ({ids, cyclic}: TokenClass): number => ids.length - (cyclic ? 0 : 1);

/** The share of members, of those that have a successor, above whose successor no other member stands. */
export function successorScore(matrix: OvMatrix): number {
  const rows = rowsOf(matrix.of);
  const {length} = matrix.of.ids;
  let right = 0;
  for (let row = 0; row < rows; row++) right += Number(topOf(matrix, row) === (row + 1) % length);
  return right / rows;
}

/** The mean over classes of the score of heads. */
export const meanScore = (model: HostModel, heads: Heads, classes: readonly ReadClass[]): number =>
  classes.reduce((sum, read) => sum + successorScore(ovMatrix(model, heads, read)), 0) /
  classes.length;

/** The mean score of every head behind the first MLP, the best first. */
export function rankedHeads(
  model: HostModel,
  classes: readonly ReadClass[]
): {readonly layer: number; readonly head: number; readonly score: number}[] {
  const {layers, heads} = model.config;
  return Array.from({length: (layers - 1) * heads}, (_, i) => {
    const [layer, head] = [1 + Math.floor(i / heads), i % heads];
    return {layer, head, score: meanScore(model, {layer, heads: [head]}, classes)};
  }).sort((a, b) => b.score - a.score);
}
