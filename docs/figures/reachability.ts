import {readFile} from "node:fs/promises";
import {join} from "node:path";
import type {KEpsilonCurves} from "../../src/components/k-epsilon.js";
import {epsilonCurves} from "../../src/papers/magic-words/curves.js";
import {stateLengths, targetKinds} from "../../src/papers/magic-words/pairs.js";
import {settings} from "../../src/papers/magic-words/reachability.js";
import {storedModels, storedRun} from "../../src/papers/magic-words/stored-rows.js";

/** The k-ε curves of every stored model, kind of target and length of state. */
export async function storedCurves(): Promise<KEpsilonCurves[]> {
  const curves: KEpsilonCurves[] = [];
  for (const model of storedModels) {
    const run = await storedRun({stored: (path) => readFile(join("data", path))}, model);
    if (!run) throw new Error(`reachability: the rows of ${model} must be stored, they are not`);
    for (const kind of targetKinds)
      for (const length of ["any", ...stateLengths.map(String)]) {
        const pairs = run.pairs.filter(
          (pair) =>
            pair.target_kind === kind && (length === "any" || String(pair.state_len) === length)
        );
        if (pairs.length > 0)
          curves.push({model, kind, length, points: epsilonCurves(pairs, settings.lengths)});
      }
  }
  return curves;
}
