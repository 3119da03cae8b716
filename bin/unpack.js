import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  writeFileSync
} from "node:fs";
import {createRequire} from "node:module";
import {homedir, tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {brotliDecompressSync} from "node:zlib";

const require = createRequire(import.meta.url);

/** The first of node_modules/.cache, ~/.cache and the temp folder that can be written to. */
export function cacheFolder() {
  const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
  const places = [join(root, "node_modules/.cache"), join(homedir(), ".cache"), tmpdir()];
  for (const place of places) {
    const folder = join(place, "workings");
    try {
      mkdirSync(folder, {recursive: true});
      writeAtomically(join(folder, ".writable"), "");
      return folder;
    } catch {
      continue;
    }
  }
  throw new Error(`cache: none of ${places.join(", ")} can be written to`);
}

/**
 * Unpacks archives of `@sparticuz/chromium` (`chromium`, `swiftshader`, `al2023`, `fonts`) into one
 * folder of the cache, each once per version; safe when several processes do it at the same time.
 *
 * @param {readonly string[]} archives
 * @returns {string} the folder
 */
export function unpackChromium(archives) {
  const home = dirname(dirname(require.resolve("@sparticuz/chromium")));
  const {version} = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  const folder = join(cacheFolder(), `chromium-${version}`);
  for (const archive of archives) {
    const stamp = join(folder, `.${archive}`);
    if (existsSync(stamp)) continue;
    const tar = join(home, `bin/${archive}.tar.br`);
    if (existsSync(tar)) untar(brotliDecompressSync(readFileSync(tar)), folder);
    else {
      const binary = brotliDecompressSync(readFileSync(join(home, `bin/${archive}.br`)));
      writeAtomically(join(folder, archive), binary, 0o755);
    }
    writeAtomically(stamp, "");
  }
  return folder;
}

/** Writes the regular files of a ustar archive below `folder`. */
function untar(tar, folder) {
  const text = (at, length) => tar.toString("latin1", at, at + length).replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const name = text(at, 100);
    const mode = parseInt(text(at + 100, 8), 8);
    const size = parseInt(text(at + 124, 12), 8);
    const isFile = tar[at + 156] === 0 || tar[at + 156] === 0x30;
    if (isFile) writeAtomically(join(folder, name), tar.subarray(at + 512, at + 512 + size), mode);
    at += 512 * (1 + Math.ceil(size / 512));
  }
}

function writeAtomically(path, content, mode = 0o644) {
  mkdirSync(dirname(path), {recursive: true});
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, content);
  chmodSync(partial, mode);
  renameSync(partial, path);
}
