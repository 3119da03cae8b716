import {lstatSync, mkdirSync, realpathSync, rmSync, symlinkSync} from "node:fs";
import {join, relative, resolve} from "node:path";
import {projectFolder} from "./packages.js";

/**
 * Makes `<root>/src` a link to the package's source, which pages import as `/src/workings.js`: a page
 * may import only what is below its root. On Windows it is a junction, which needs no right of its own.
 *
 * @throws {Error} if something else is there, or the disk allows no links.
 */
export function linkSource(root: string): void {
  const path = join(root, "src");
  const source = join(projectFolder, "src");
  const found = lstatSync(path, {throwIfNoEntry: false});
  if (found?.isFile())
    throw new Error(
      `check: ${path} must be a link to the folder src, got a file: git config core.symlinks true, then git checkout ${path}`
    );
  if (found?.isDirectory())
    throw new Error(
      `check: ${path} must be free for the link to Workings' source, got a folder: give it another name`
    );
  if (found?.isSymbolicLink()) {
    if (leadsTo(path, source)) return;
    rmSync(path);
  }
  try {
    mkdirSync(root, {recursive: true});
    const target = process.platform === "win32" ? source : relative(realpathSync(root), source);
    symlinkSync(target, path, "junction");
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && leadsTo(path, source)) return;
    throw new Error(
      `check: ${resolve(path)} must become a link to ${source}, which this disk refuses, ${code ?? message}: move the project to a disk that allows links`,
      {cause: error}
    );
  }
}

function leadsTo(link: string, folder: string): boolean {
  try {
    return realpathSync(link) === realpathSync(folder);
  } catch {
    return false;
  }
}
