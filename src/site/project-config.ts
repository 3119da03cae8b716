import {pageHead} from "./head.js";

/**
 * Framework's configuration for a project of one's own, as the package's own site is set up: pages in
 * `docs`, no request to another host, Workings' style.
 *
 * @param options what the project sets itself, by Framework's names: `title`, `pages`, `footer`, …
 */
export function project(options: {readonly root?: string; readonly [option: string]: unknown}) {
  const {root = "docs"} = options;
  return {
    root,
    style: "src/site/project.css",
    globalStylesheets: [],
    head: ({path}: {path: string}) => pageHead(root, path),
    footer: "This site computes on your own machine and sends nothing anywhere.",
    // links that a plain file server follows, such as python3 -m http.server
    preserveExtension: true,
    toc: false,
    pager: false,
    // DuckDB's parquet and json extensions come from its vendor's site only
    duckdb: {extensions: {json: null, parquet: null}},
    ...options
  };
}
