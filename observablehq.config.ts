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
  // plain file servers know no pages without their extension
  preserveExtension: true,
  pages: [
    {
      name: "Guide",
      pages: [
        {name: "See inside a language model", path: "/guide/see-inside"},
        {name: "Write a notebook", path: "/guide/write-a-notebook"},
        {name: "Use your own data", path: "/guide/own-data"},
        {name: "Look inside your own model", path: "/guide/own-models"},
        {name: "Edit pages", path: "/guide/editing"},
        {name: "Which part does it?", path: "/guide/find-the-part"},
        {name: "What does each feature stand for?", path: "/guide/features"},
        {name: "Which features fire on Tuesdays?", path: "/guide/feature-queries"},
        {name: "What are the models made of?", path: "/guide/house-models"},
        {name: "Train one in the page", path: "/guide/train-in-page"},
        {name: "Are the numbers right?", path: "/papers/forward-pass"},
        {name: "Start your own project", path: "/guide/own-project"},
        {name: "Deploy a site", path: "/guide/deploying"},
        {name: "What runs where?", path: "/guide/limits"}
      ]
    },
    {
      name: "Papers",
      pages: [
        {name: "Which papers hold here?", path: "/papers/"},
        {name: "What did not hold?", path: "/papers/what-did-not-hold"},
        {name: "How much text can one vector force?", path: "/papers/activation-attacks"},
        {name: "Which token does attention choose?", path: "/papers/attention-as-svm"},
        {name: "Can a network do what it does not show?", path: "/papers/concept-space-emergence"},
        {name: "Can ten tokens make a model say anything?", path: "/papers/magic-words"},
        {name: "Should a larger setting mean larger weights?", path: "/papers/mip-hypernetworks"},
        {name: "Do the features of a wide network move?", path: "/papers/mup-feature-learning"},
        {name: "Does the order of options change the answer?", path: "/papers/set-based-prompting"},
        {name: "Which features know the year?", path: "/papers/transcoder-circuits"},
        {name: "Which head counts on?", path: "/papers/successor-heads"}
      ]
    },
    {
      name: "Reference",
      pages: [
        {name: "The author's API", path: "/reference/api"},
        {name: "Activations", path: "/reference/activations"},
        {name: "Tables", path: "/reference/tables"},
        {name: "Kernels", path: "/reference/kernels"},
        {name: "Command line", path: "/reference/command-line"}
      ]
    }
  ],
  // DuckDB's parquet and json extensions come from its vendor's site only
  duckdb: {extensions: {json: null, parquet: null}}
};
