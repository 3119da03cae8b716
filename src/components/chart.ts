import type {TopLevelSpec} from "vega-lite";
import type {Row} from "./vega-chart.js";

/** What a chart shows of what it is given. */
export interface Shown {
  readonly rows: readonly Row[];
  /** What the picture shows, as a sentence. */
  readonly finding: string;
  /** What the model read, where a model computed the rows. */
  readonly prompt?: string;
  /** The query that gave the rows, where one did. */
  readonly sql?: string;
}

/** A kind of picture: how it is drawn, how it is read, and what it shows of what it is given. */
export interface Chart<Given extends readonly unknown[]> {
  /** Names the files that a reader downloads. */
  readonly name: string;
  /** How to read the picture. */
  readonly caption: string;
  /** Vega-Lite over `data: {name: "rows"}`; without a width it fills its place. */
  readonly spec: TopLevelSpec;
  readonly of: (this: void, ...given: Given) => Shown;
}
