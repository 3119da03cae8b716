import type {Spec} from "vega";
import type {compile as compileSpec, TopLevelSpec} from "vega-lite";
import {chartConfig} from "./theme.js";

/**
 * A Vega-Lite spec as Vega, in the house style; one without a width fills `width` pixels, labels
 * included. The compiler is an argument because a page loads it late.
 */
export function vegaSpec(compile: typeof compileSpec, spec: TopLevelSpec, width: number): Spec {
  const fills = !("width" in spec);
  const sized = (fills ? {...spec, width} : spec) as TopLevelSpec;
  const vega = compile(sized, {config: chartConfig}).spec;
  // set here because Vega-Lite warns of "fit-x" beside a height by step
  return fills ? {...vega, autosize: {type: "fit-x", contains: "padding"}} : vega;
}
