import type {Claims} from "./environment.js";
import {convention} from "./own-models/convention.js";
import {dictionaries} from "./own-models/dictionaries.js";
import {hostileFiles} from "./own-models/hostile-files.js";
import {kept} from "./own-models/kept.js";
import {loadMemory} from "./own-models/load-memory.js";
import {parity} from "./own-models/parity.js";
import {precision} from "./own-models/precision.js";
import {trueShapes} from "./own-models/true-shapes.js";

export const slug = "own-models";

/** What the platform promises of models that a reader brings. */
export const claims: Claims = async function* (environment) {
  const groups = [
    ...[convention, precision, hostileFiles, trueShapes],
    ...[loadMemory, dictionaries, parity, kept]
  ];
  for (const group of groups) for await (const row of group(slug, environment)) yield row;
};
