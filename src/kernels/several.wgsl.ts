import type {Tensor} from "../gpu/tensor.js";
import {size} from "../gpu/shape.js";

const LANES = 64;

/** `name0: type`, `name1: type`, … of `count` tensors. */
export const numbered = (count: number, type: string, ...names: readonly string[]): string[] =>
  Array.from({length: count}, (_, i) => names.map((name) => `${name}${i}: ${type}`)).flat();

/** The same tensors by those names. */
export const named = (
  several: readonly Readonly<Record<string, Tensor>>[]
): Record<string, Tensor> =>
  Object.fromEntries(
    several.flatMap((tensors, i) =>
      Object.entries(tensors).map(([name, tensor]) => [`${name}${i}`, tensor])
    )
  );

/** `count0`, `count1`, …: how many numbers each tensor holds. */
export const counts = (tensors: readonly Tensor[]): Record<string, number> =>
  Object.fromEntries(tensors.map(({shape}, i) => [`count${i}`, size(shape)]));

/** How many workgroups of `perWorkgroup` numbers, none of two tensors, take them all. */
export const workgroupsFor = (tensors: readonly Tensor[], perWorkgroup = LANES): number =>
  tensors.reduce((sum, {shape}) => sum + Math.ceil(size(shape) / perWorkgroup), 0);

/** Runs of at most `most` items. */
export const runsOf = <T>(items: readonly T[], most: number): T[][] =>
  Array.from({length: Math.ceil(items.length / most)}, (_, i) =>
    items.slice(i * most, (i + 1) * most)
  );

/**
 * The body of a kernel over `count` tensors, one after the other: in `body(t)`, `i` is a number's
 * place in tensor t. Workgroups have 64 lanes; `id`, `n` and `lane` are the builtins.
 */
export const each = (count: number, body: (tensor: number) => string): string => /* wgsl */ `
  var group = id.x + id.y * n.x;
${Array.from(
  {length: count},
  (_, t) => `  if (group < (params.count${t} + ${LANES - 1}) / ${LANES}) {
    let i = group * ${LANES} + lane;
    if (i < params.count${t}) {
${body(t)}
    }
    return;
  }
  group -= (params.count${t} + ${LANES - 1}) / ${LANES};`
).join("\n")}`;
