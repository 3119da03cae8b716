import {pageHead} from "./src/site/head.js";

export default {
  root: "docs",
  title: "Workings",
  home: "Workings",
  style: "style.css",
  globalStylesheets: [],
  head: ({path}: {path: string}) => pageHead("docs", path),
  footer: "Workings computes on your own machine and sends nothing anywhere.",
  toc: false,
  pager: false,
  pages: [
    {
      name: "Guide",
      open: true,
      pages: [{name: "Deploy a site", path: "/guide/deploying"}]
    }
  ],
  // DuckDB's parquet and json extensions come from its vendor's site only
  duckdb: {extensions: {json: null, parquet: null}}
};
