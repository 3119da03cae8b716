import type {ServerResponse} from "node:http";
import {join, posix} from "node:path";
import type {Config} from "@observablehq/framework/dist/config.js";
import {displayPath} from "./check/problem.js";
import type {Problem} from "./check/problem.js";

/** A message of the strict check, as a page shows it. */
export interface ShownProblem {
  /** `file:line`. */
  readonly place: string;
  readonly message: string;
  /** Opens the place in the author's editor. */
  readonly href: string;
}

/** What the strict check says of one page. */
export interface PageProblems {
  /** In the page, or in a file that is no page and may be any page's. */
  readonly here: readonly ShownProblem[];
  /** How many there are in other pages. */
  readonly elsewhere: number;
}

/** Tells open pages what the strict check says of them, by server-sent events. */
export class ProblemFeed {
  readonly #site: Config;
  readonly #link: (file: string, line: number) => string;
  readonly #readers = new Map<ServerResponse, string | undefined>();
  #problems: readonly Problem[] = [];

  constructor(site: Config, link: (file: string, line: number) => string) {
    this.#site = site;
    this.#link = link;
  }

  /** Tells a page at once, and again after each `publish`, until it goes. */
  subscribe(response: ServerResponse, pathname: string): void {
    response.writeHead(200, {"content-type": "text/event-stream", "cache-control": "no-store"});
    this.#readers.set(response, this.#file(pathname));
    response.on("close", () => this.#readers.delete(response));
    this.#tell(response);
  }

  publish(problems: readonly Problem[]): void {
    this.#problems = problems;
    for (const response of this.#readers.keys()) this.#tell(response);
  }

  #tell(response: ServerResponse): void {
    const page = this.#readers.get(response);
    const here = this.#problems.filter(({file}) => file === page || !/\.md(\.\w+)?$/.test(file));
    const said: PageProblems = {
      here: here.map(({file, line, message}) => ({
        place: `${file}:${line}`,
        message,
        href: this.#link(file, line)
      })),
      elsewhere: this.#problems.length - here.length
    };
    response.write(`data: ${JSON.stringify(said)}\n\n`);
  }

  /** The file of the page at an address, as the check names it. */
  #file(pathname: string): string | undefined {
    const path = posix
      .normalize(pathname)
      .replace(/\/$/, "/index")
      .replace(/\.html$/, "");
    if (!path.startsWith("/")) return undefined;
    const {root, loaders} = this.#site;
    try {
      const page = loaders.findPage(path);
      return page && displayPath(join(root, page.path));
    } catch {
      return undefined;
    }
  }
}
