import {readFileSync} from "node:fs";
import type {Config} from "@observablehq/framework/dist/config.js";
import {findAssets} from "@observablehq/framework/dist/html.js";
import type {PageSource} from "./page.js";
import {displayPath, lineOf} from "./problem.js";
import type {Problem} from "./problem.js";

interface Link {
  /** As Framework resolves it: `/guide/deploying?x=1#see-it-first`. */
  readonly link: string;
  readonly file: string;
  readonly source: string;
}

/** Links of a site's pages to pages, files, and places in a page, that are not there. */
export class LinkChecker {
  readonly #site: Config;
  readonly #links: Link[] = [];
  /** The ids of each page that was read. */
  readonly #places = new Map<string, ReadonlySet<string>>();

  constructor(site: Config) {
    this.#site = site;
  }

  /** Notes a page's links and the places that it has, and gives back the files that it names. */
  read({path, file, source, html}: PageSource): ReadonlySet<string> {
    const {files, localLinks, anchors} = findAssets(html, path);
    for (const link of localLinks) this.#links.push({link, file, source});
    const places = new Set(anchors);
    const frame = findAssets(this.#frame(path), path);
    for (const anchor of frame.anchors) places.add(anchor);
    for (const link of frame.localLinks) this.#links.push({link, ...this.#config(file, source)});
    // of a page that a program prints, only running it would tell
    if (file.endsWith(".md")) this.#places.set(path, places);
    return files;
  }

  /** What is wrong with the links of the pages read, each of which may lead to any other. */
  problems(): Problem[] {
    return this.#links.flatMap(({link, file, source}) => {
      const [, path, hash = ""] = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/s.exec(link)!;
      const target = decode(path);
      const shown = target.replace(/\/index$/, "/");
      const name = basename(target.replace(/\/index$/, ""));
      if (!this.#site.loaders.findPage(target) && !this.#hasFile(target))
        return {
          file,
          line: lineOf(source, name),
          message: `file: the page ${shown} that a link names is not there`
        };
      const places = this.#places.get(target);
      if (!places || hash === "" || hash === "top" || hash.startsWith(":~:")) return [];
      const place = decode(hash);
      if (places.has(hash) || places.has(place)) return [];
      const words = [`${name}#${hash}`, `#${hash}`, `#${place}`];
      return {
        file,
        line: lineOf(source, words.find((text) => source.includes(text)) ?? name),
        message: `file: the page ${shown} has no heading or id for #${place}, which a link names`
      };
    });
  }

  /** What the configuration puts above and below a page. */
  #frame(path: string): string {
    const {header, footer} = this.#site;
    return [header, footer]
      .map((part) => {
        try {
          return typeof part === "function" ? part({title: null, data: {}, path}) : part;
        } catch {
          return ""; // the build says what is wrong with it
        }
      })
      .join("\n");
  }

  #config(file: string, source: string): Omit<Link, "link"> {
    const {watchPath} = this.#site;
    if (watchPath === undefined) return {file, source};
    return {file: displayPath(watchPath), source: readFileSync(watchPath, "utf8")};
  }

  #hasFile(path: string): boolean {
    return /\.\w+$/.test(path) && this.#site.loaders.find(path) !== undefined;
  }
}

const basename = (path: string): string => path.split("/").at(-1)!;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
