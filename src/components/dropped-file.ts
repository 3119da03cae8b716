import {TableError} from "../tables/read-error.js";

/**
 * The one file that was dropped.
 *
 * @throws {TableError} for a folder, several files or something that is no file.
 */
export function droppedFile(transfer: DataTransfer | null): File {
  const items = [...(transfer?.items ?? [])].filter(({kind}) => kind === "file");
  if (items.length !== 1)
    throw new TableError(
      `drop: must be one file, got ${items.length === 0 ? "something else" : items.length}`
    );
  const file = items[0].getAsFile();
  if (items[0].webkitGetAsEntry()?.isDirectory || !file)
    throw new TableError(`${file?.name ?? "drop"}: must be a file, got a folder`);
  return file;
}
