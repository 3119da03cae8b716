import {type Checkpoint, openCheckpoint} from "../model/checkpoint.js";
import {ModelFileError} from "../model/model-file-error.js";
import type {LoadProgress} from "../model/model-files.js";
import {type ModelSource, sourceName} from "../model/own-model.js";
import {sourceFiles} from "../model/source-files.js";

/** @throws {ModelFileError} if it is not the model that was chosen, or cannot be opened. */
export async function openSource(
  source: ModelSource,
  onProgress?: (progress: LoadProgress) => void
): Promise<Checkpoint> {
  const checkpoint = await openCheckpoint(await sourceFiles(source), onProgress);
  if (typeof source !== "string" && checkpoint.sha256 !== source.sha256)
    throw new ModelFileError(
      `${sourceName(source)}: sha256 must be ${source.sha256.slice(0, 12)}…, as it was when it was chosen, got ${checkpoint.sha256.slice(0, 12)}…`
    );
  return checkpoint;
}
