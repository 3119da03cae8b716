import {featureName} from "../model/feature-name.js";
import type {
  FeatureContext,
  FeatureLink,
  FeatureView,
  TokenWeight
} from "../recording/feature-view.js";
import {useStyles} from "./styles.js";
import {percent, visible} from "./token-text.js";

/** One feature after another, all that was recorded of it. */
export interface FeaturePanel extends HTMLElement {
  show(view: FeatureView): void;
}

/** @param open Called with the name of a feature that the reader goes to. */
export function featurePanel(open: (name: string) => void): FeaturePanel {
  useStyles();
  const element = document.createElement("section");
  element.className = "w-feature";
  element.addEventListener("click", ({target}) => {
    const name = (target as Element).closest<HTMLElement>("button[data-feature]")?.dataset.feature;
    if (name !== undefined) open(name);
  });
  return Object.assign(element, {
    show(view: FeatureView) {
      element.setAttribute("aria-label", nameOf(view));
      element.replaceChildren(...parts(view));
    }
  });
}

const nameOf = ({dictionary, feature}: Pick<FeatureView, "dictionary" | "feature">): string =>
  featureName({dictionary, feature, pos: null});

function node<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (string | Node)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function parts(view: FeatureView): HTMLElement[] {
  const {frequency, tokens, max, match, contexts, logits, deembedding} = view;
  const says = match
    ? `Best label: ${match.label}, F1 ${match.f1.toFixed(2)} (precision ${match.precision.toFixed(2)}, recall ${match.recall.toFixed(2)}) on the half of the templates that did not choose it.`
    : "No label of the generator fits it.";
  const fires =
    frequency === 0
      ? "It fires nowhere in the recorded text."
      : `Fires at ${frequency.toLocaleString("en")} of ${tokens.toLocaleString("en")} tokens (${percent(frequency / tokens)}), at most ${max.toFixed(2)}.`;
  const ofKind = (kind: FeatureContext["kind"]) => contexts.filter((one) => one.kind === kind);
  return [
    node("h3", "", nameOf(view)),
    node("p", "", `${fires} ${says}`),
    histogram(view),
    contextBlock("Where it fires most", ofKind("top"), true),
    contextBlock("Elsewhere, at even quantiles", ofKind("quantile"), false),
    node(
      "div",
      "w-ends",
      weights("Raises the logit of", logits.top),
      weights("Lowers the logit of", logits.bottom),
      weights("Turned on by the embedding of", deembedding.top),
      weights("Turned off by the embedding of", deembedding.bottom)
    ),
    node(
      "div",
      "w-ends",
      links("Writes alike (cosine)", view.nearest),
      links("Reads from (weight product)", view.into),
      links("Is read by (weight product)", view.outOf)
    )
  ];
}

function histogram({histogram: counts, max}: FeatureView): HTMLElement {
  const most = Math.max(1, ...counts);
  const bars = counts.map((count, i) => {
    const bar = node("i", "");
    bar.style.setProperty("--value", String(Math.log1p(count) / Math.log1p(most)));
    bar.title = `${((i * max) / counts.length).toFixed(2)} to ${(((i + 1) * max) / counts.length).toFixed(2)}: ${count} tokens`;
    return bar;
  });
  const element = node("div", "w-histogram", ...bars);
  element.setAttribute("role", "img");
  element.setAttribute(
    "aria-label",
    `Histogram of its activations from 0 to ${max.toFixed(2)}, log scale: ${counts.join(", ")} tokens`
  );
  return element;
}

/** How many contexts are open from the start. */
const OPEN = 6;

function contextBlock(
  title: string,
  contexts: readonly FeatureContext[],
  open: boolean
): HTMLElement {
  if (contexts.length === 0) return node("div", "");
  const rows = contexts.map(contextRow);
  const rest = rows.slice(open ? OPEN : 0);
  const block = node("div", "w-contexts", node("h4", "", title), ...rows.slice(0, open ? OPEN : 0));
  if (rest.length > 0)
    block.append(
      node(
        "details",
        "",
        node("summary", "", `${rest.length} ${open ? "more" : "contexts"}`),
        ...rest
      )
    );
  return block;
}

function contextRow({tokens, at, value}: FeatureContext): HTMLElement {
  const text = node("span", "");
  tokens.forEach(({text: token, share}, i) => {
    const shown = token.startsWith("<|") || /[\n\t]/.test(token) ? visible(token) : token;
    if (share === 0) return text.append(shown);
    const mark = node(i === at ? "b" : "mark", "", shown);
    mark.style.setProperty("--value", String(share));
    mark.title = `${visible(token)}: ${((value * share) / tokens[at].share).toFixed(2)}`;
    text.append(mark);
  });
  return node("p", "w-context", node("small", "", value.toFixed(2)), text);
}

function weights(title: string, list: readonly TokenWeight[]): HTMLElement {
  if (list.length === 0) return node("div", "");
  const items = list.map(({text, value}) =>
    node("li", "", node("code", "", visible(text)), " ", node("small", "", value.toFixed(2)))
  );
  return node("div", "", node("h4", "", title), node("ol", "", ...items));
}

function links(title: string, list: readonly FeatureLink[]): HTMLElement {
  if (list.length === 0) return node("div", "");
  const items = list.map((link) => {
    const button = node("button", "w-button", nameOf(link));
    button.type = "button";
    button.dataset.feature = nameOf(link);
    return node("li", "", button, node("small", "", link.weight.toFixed(2)));
  });
  return node("div", "", node("h4", "", title), node("ol", "", ...items));
}
