import {parseRowFile} from "../../tables/row-file.js";
import type {Environment} from "../environment.js";
import {type Pair, pairsOf} from "./curves.js";
import type {ReachabilityRow} from "./reachability.js";

/** The models whose rows are stored, by size. */
export const storedModels = ["ladder-25k", "ladder-150k", "ladder-330k"] as const;
export type StoredModel = (typeof storedModels)[number];

/** What `workings control reachability` left of a model. */
export interface StoredRun {
  readonly rows: readonly ReachabilityRow[];
  readonly pairs: readonly Pair[];
}

/** Reads a stored run, or `null` where only the command line has it. */
export async function storedRun(
  {stored}: Pick<Environment, "stored">,
  model: StoredModel
): Promise<StoredRun | null> {
  const path = `tables/reachability/${model}.jsonl`;
  const bytes = await stored(path).catch(() => null);
  if (!bytes) return null;
  const {rows} = parseRowFile(new TextDecoder().decode(bytes), path);
  // the file's reader has checked each column's type
  const found = rows as unknown as readonly ReachabilityRow[];
  return {rows: found, pairs: pairsOf(found)};
}
