import {behind} from "./behind.js";
import type {Chart} from "./chart.js";
import {bibtex, citation} from "./citation.js";
import {embeddable, embedHtml, wholePage} from "./embed.js";
import {provenance, type Source} from "./provenance.js";
import {useStyles} from "./styles.js";
import {type LiveChart, liveChart} from "./vega-chart.js";

export interface FigureOptions {
  /** Where the numbers come from. */
  readonly model?: Source;
  /** The stored picture that the live one replaces, an element or its id. */
  readonly stored?: HTMLElement | string;
  /** Of the cell: when it settles, the chart's memory is freed. */
  readonly invalidation?: Promise<void>;
}

/** A figure that shows one thing after another. */
export interface LiveFigure<Given extends readonly unknown[]> extends HTMLElement {
  readonly chart: LiveChart;
  /** Shows what the chart makes of this; the figure appears with the first. */
  show(...given: Given): Promise<void>;
}

/** A figure: the finding, how to read it, the chart; below it where the numbers come from, the numbers and files. */
export function figure<Given extends readonly unknown[]>(
  {name, caption, spec, of}: Chart<Given>,
  {model, stored, invalidation}: FigureOptions = {}
): LiveFigure<Given> {
  useStyles();
  const chart = liveChart(spec, {invalidation});
  const element = document.createElement("figure");
  element.className = "w-figure";
  element.hidden = true;
  const [text, sentence, reading] = ["figcaption", "strong", "span"].map((tag) =>
    document.createElement(tag)
  );
  reading.textContent = caption;
  text.append(sentence, reading);
  const from = model && provenance(model);
  const numbers = behind(name, chart);
  const below = document.createElement("div");
  below.className = "w-behind";
  below.append(...(from ? [from.element] : []), numbers.element, ...wholePage());
  element.append(text, chart.element, below);
  const old = typeof stored === "string" ? document.getElementById(stored) : stored;
  for (const one of [element, old]) if (one) embeddable(one, name);

  const show = async (...given: Given) => {
    const {rows, finding, prompt, sql} = of(...given);
    const cited = () => ({
      finding,
      title: document.title.split(" | ")[0],
      url: location.href,
      day: new Date(),
      model
    });
    sentence.textContent = finding;
    numbers.show({
      rows,
      sql,
      texts: {
        Cite: () => citation(cited()),
        BibTeX: () => bibtex(cited()),
        Embed: () => embedHtml(name, finding, element.offsetHeight + 48)
      }
    });
    if (prompt !== undefined) from?.show(prompt);
    if (element.hidden) {
      element.hidden = false;
      if (old) old.hidden = true;
    }
    await chart.update(rows);
  };
  return Object.assign(element, {chart, show});
}
