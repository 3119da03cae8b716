import {compile, type TopLevelSpec} from "vega-lite";
import {chartConfig} from "../../src/components/theme.js";

/** What Vega-Lite warns of when it compiles a spec in the house style. */
export function specWarnings(spec: TopLevelSpec): unknown[] {
  const warnings: unknown[] = [];
  const note = (...message: unknown[]) => (warnings.push(message), logger);
  const quiet = () => logger;
  const logger = {level: quiet, error: note, warn: note, info: quiet, debug: quiet};
  compile(spec, {logger, config: chartConfig});
  return warnings;
}
