import type {Verdict} from "../claim.js";

/** The verdicts that these weights came to, by finding. */
export const expected = {
  "1m-below-3-gram": "holds-here",
  "3m-below-5-gram": "holds-here",
  "larger-is-better": "holds-here",
  successor: "holds-here",
  "year-span": "holds-here",
  pronoun: "holds-here",
  "indirect-object": "holds-here",
  bracket: "holds-here",
  induction: "holds-here",
  stories: "holds-here",
  "scaling-law": "holds-here"
} as const satisfies Readonly<Record<string, Verdict>>;
