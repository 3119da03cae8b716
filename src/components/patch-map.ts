import type {PatchedCell} from "../model/sweeps/patch-each.js";
import type {Chart} from "./chart.js";
import {signedMap} from "./signed-map.js";
import {keyed, shownToken, visible} from "./token-text.js";

const share = (recovered: number): string => `${Math.round(100 * recovered)}%`;

/** The finding of a patching map: which token brings most back in the first layer, and in the last. */
function patchFinding(cells: readonly PatchedCell[]): string {
  const layers = [...new Set(cells.map(({layer}) => layer))];
  const best = (layer: number | null) =>
    cells
      .filter((cell) => cell.layer === layer)
      .reduce((a, b) => (b.recovered > a.recovered ? b : a));
  const named = (layer: number | null) => (layer === null ? "the embedding" : `block ${layer}`);
  const [first, last] = [best(layers[0]), best(layers[layers.length - 1])];
  const at = ({token = "", recovered}: PatchedCell) => `“${visible(token)}” (${share(recovered)})`;
  const start = `In ${named(first.layer)}, ${at(first)} brings most of the answer back`;
  return first === last ? start : `${start}; in ${named(last.layer)}, ${at(last)}`;
}

/** A heat map of what `patchEach` gives at a site without heads: layers over positions. */
export const patchMap: Chart<[cells: readonly PatchedCell[]]> = {
  name: "patch-map",
  caption:
    "Each cell: the corrupt prompt with the clean prompt’s activation there. 1 brings the whole logit difference back, 0 nothing; orange makes it worse.",
  spec: signedMap({
    description: "Activation patching: layers over tokens",
    position: "pos",
    column: keyed("pos", "token"),
    value: "datum.recovered",
    tooltip: [
      {title: "corrupt token", shown: shownToken("token")},
      {title: "clean token", shown: shownToken("clean_token")}
    ]
  }),
  of: (cells) => ({
    rows: cells.map((cell) => ({...cell})),
    finding: patchFinding(cells),
    prompt: cells
      .filter(({layer}) => layer === cells[0].layer)
      .map(({token}) => token)
      .join("")
  })
};
