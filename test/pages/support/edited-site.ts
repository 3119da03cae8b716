import {spawn} from "node:child_process";
import {once} from "node:events";
import {cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {join, resolve} from "node:path";

export interface EditedSite {
  readonly url: string;
  /** From starting the command to the address that it prints, in milliseconds. */
  readonly startMs: number;
  /** Saves the page, changed by `edit`. */
  save(edit: (text: string) => string): void;
  close(): Promise<void>;
}

/** A copy of the site whose first page is `page`, in the preview that `npm start` runs. */
export async function openEditedSite(name: string, page: string): Promise<EditedSite> {
  const home = resolve(".cache", name);
  const docs = join(home, "docs");
  rmSync(home, {recursive: true, force: true});
  mkdirSync(docs, {recursive: true});
  cpSync("docs/figures", join(docs, "figures"), {recursive: true});
  cpSync("docs/style.css", join(docs, "style.css"));
  symlinkSync(resolve("src"), join(docs, "src"));
  symlinkSync(resolve("src"), join(home, "src"));
  symlinkSync(resolve("data"), join(home, "data"));
  const file = join(docs, "index.md");
  writeFileSync(file, page);
  writeFileSync(
    join(home, "observablehq.config.js"),
    `export default {root: "docs", style: "style.css", globalStylesheets: [], pager: false,
      duckdb: {extensions: {json: null, parquet: null}}};`
  );
  const began = performance.now();
  const command = [resolve("bin/workings.js"), "preview", "--port", "0", "--json"];
  const child = spawn(process.execPath, command, {
    cwd: home,
    stdio: ["ignore", "pipe", "inherit"]
  });
  process.once("exit", () => child.kill());
  const ended = once(child, "exit");
  const [line] = (await Promise.race([once(child.stdout, "data"), ended])) as [Buffer];
  const {url} = JSON.parse(String(line)) as {url: string};
  return {
    url,
    startMs: performance.now() - began,
    save: (edit) => writeFileSync(file, edit(readFileSync(file, "utf8"))),
    async close() {
      child.kill("SIGTERM");
      await ended;
      rmSync(home, {recursive: true});
    }
  };
}
