import {parseJsonObject} from "../model/model-file-error.js";
import {siteFiles} from "../model/model-source.js";
import type {FeatureIndex} from "../recording/feature-index.js";
import {FeatureReader} from "../recording/feature-reader.js";

/**
 * The recording that the site ships of a model's features, file by file as they are asked for.
 *
 * @param name Such as `features/house-3m`.
 * @throws {ModelFileError} if the site ships none of that name.
 */
export async function openFeatures(name: string): Promise<FeatureReader> {
  const files = await siteFiles(name);
  const index = parseJsonObject(await files.read("index.json"), "index.json");
  return new FeatureReader(index as unknown as FeatureIndex, (file) => files.read(file));
}
