import {parse, View} from "vega";
import {compile} from "vega-lite";
import {openLanguageModel} from "../../src/cli/model.js";
import type {Chart} from "../../src/components/chart.js";
import {themeCss} from "../../src/components/theme.js";
import {vegaSpec} from "../../src/components/vega-spec.js";
import type {Run} from "../../src/model/run.js";

/** The prompt of the stored pictures, and of a page that is opened without one. */
export const storedPrompt = "The war lasted from 1743 to 17";

/** The run behind the stored pictures: the shipped model in slow exact arithmetic. */
export async function storedRun(): Promise<Run> {
  const model = await openLanguageModel({model: "house-1m", backend: "twin"});
  return model.run(storedPrompt, {lens: 5});
}

const WIDTH = 640;

/** Lines of at most so many letters; Vega, without a canvas, takes a letter for 0.8 of its size wide. */
const lines = (text: string, letters: number): string[] =>
  text.match(new RegExp(`\\S.{0,${letters - 1}}(?=\\s|$)`, "g")) ?? [];

/** A chart as an SVG that follows the reader's light or dark setting, its finding as its title. */
export async function storedSvg<T>(chart: Chart<[T]>, given: T): Promise<string> {
  const {rows, finding} = chart.of(given);
  const title = {text: lines(finding, 53), subtitle: lines(chart.caption, 64)};
  const spec = vegaSpec(compile, {...chart.spec, title}, WIDTH);
  const svg = await new View(parse(spec)).data("rows", [...rows]).toSVG();
  return svg.replace(/<svg [^>]*>/, (open) => `${open}<style>${themeCss}</style>`);
}
