import {ModelFileError} from "../model-file-error.js";
import {byFolder, type PickedFile} from "../picked-files.js";
import type {OwnDictionaries} from "./dictionary-source.js";

/** Nobody attaches more at once. */
const MOST = 256;

/**
 * The dictionaries among the files of a folder: SAELens's (`cfg.json` with `sae_weights.safetensors`),
 * one or several, or circuit-tracer's or crosslayer-transcoder's (`config.yaml`). What else lies there
 * is left alone.
 *
 * @throws {ModelFileError} one sentence, if there is none, or a name is not plain.
 */
export function pickDictionaries(picked: readonly PickedFile[]): OwnDictionaries {
  const found = [...byFolder(picked)].filter(
    ([, files]) =>
      (files.has("cfg.json") && files.has("sae_weights.safetensors")) || files.has("config.yaml")
  );
  if (found.length === 0)
    throw new ModelFileError(
      "drop: must hold cfg.json with sae_weights.safetensors (SAELens) or config.yaml (circuit-tracer, crosslayer-transcoder), got neither"
    );
  if (found.length > MOST)
    throw new ModelFileError(
      `drop: must hold at most ${MOST} folders of dictionaries, got ${found.length}`
    );
  const lastOf = (folder: string): string => folder.split("/").at(-1)!;
  const common = found.length === 1 ? lastOf(found[0][0]) : found[0][0].split("/")[0];
  return {
    name: common || "dictionaries",
    folders: found.map(([folder, files]) => {
      const name = lastOf(folder);
      return {...(/^[\w.-]+$/.test(name) && found.length > 1 && {name}), files};
    })
  };
}
