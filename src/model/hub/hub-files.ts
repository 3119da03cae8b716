import {ModelFileError, parseJsonObject} from "../model-file-error.js";
import type {ModelFiles} from "../model-files.js";
import {type HubModel, hubKey, readHubModel} from "./hub-model.js";
import type {KeptFolder, KeptModels} from "./kept-models.js";
import {download, downloadMeans, megabytes} from "./resumable-download.js";

/** What a kept folder holds beside the model's own files: the `HubModel`. */
const CARD = "hub.json";

/**
 * The files of a model on a hub, each loaded when it is first read and kept from then on: whole, and
 * with the hash that the hub promised, or not at all.
 */
export function hubFiles(model: HubModel, kept: KeptModels, means = downloadMeans): ModelFiles {
  const folder = kept.folder(hubKey(model));
  const promised = (file: string) =>
    Object.hasOwn(model.files, file) ? model.files[file] : undefined;
  /** @returns Whether it was loaded just now. */
  const have = async (file: string, onBytes?: (loaded: number) => void): Promise<boolean> => {
    const wanted = promised(file);
    if (!wanted) throw new ModelFileError(`${file}: must be among the files of ${model.id}`);
    if (await folder.files.facts(file)) return false;
    await keepCard(model, folder);
    const partial = await folder.partial(file);
    await checkRoom(file, wanted.bytes - partial.bytes, kept).catch(async (error: unknown) => {
      await partial.close();
      throw error;
    });
    const url = new URL(
      `${model.host}/${model.id}/resolve/${model.commit}/${encodeURIComponent(file)}`
    );
    await download(url, file, wanted, partial, means, onBytes);
    return true;
  };
  return {
    name: model.id.split("/").at(-1)!,
    notices: [],
    async facts(file) {
      const wanted = promised(file);
      if (!wanted) return null;
      return {bytes: wanted.bytes, local: (await folder.files.facts(file)) !== null};
    },
    async read(file, onBytes) {
      const isNew = await have(file, onBytes);
      return folder.files.read(file, isNew ? undefined : onBytes);
    },
    async open(file, onBytes) {
      const isNew = await have(file, onBytes);
      const opened = await folder.files.open(file, isNew ? undefined : onBytes);
      const wanted = promised(file)?.sha256;
      if (wanted === undefined || opened.sha256 === wanted) return opened;
      await kept.remove(hubKey(model));
      throw new ModelFileError(
        `${file}: must be as it was kept, its sha256 differs: it is damaged and was deleted; load it again`
      );
    }
  };
}

/** The model whose files a kept folder holds or is to hold; null where its card never came. */
export async function keptHubModel(folder: KeptFolder): Promise<HubModel | null> {
  if (!(await folder.files.facts(CARD))) return null;
  try {
    return readHubModel(parseJsonObject(await folder.files.read(CARD), CARD));
  } catch {
    return null;
  }
}

async function keepCard(model: HubModel, folder: KeptFolder): Promise<void> {
  if (await folder.files.facts(CARD)) return;
  const json = new TextEncoder().encode(JSON.stringify(model));
  const partial = await folder.partial(CARD);
  const came = await partial.read(0, partial.bytes);
  if (!came.every((byte, i) => byte === json[i])) {
    await partial.discard();
    return keepCard(model, folder);
  }
  await partial.write(json.subarray(came.length));
  await partial.finish();
}

async function checkRoom(file: string, needed: number, kept: KeptModels): Promise<void> {
  const room = await kept.room();
  if (needed > room)
    throw new ModelFileError(
      `${file}: must have ${megabytes(needed)} of room, there is no more than ${megabytes(room)} here; delete something and load it again`
    );
}
