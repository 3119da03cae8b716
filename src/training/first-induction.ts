import type {HostTensor} from "../model/weights.js";
import {turnsOf} from "./turns.js";

/**
 * Head 0 of the first block begins by looking one token back and writing what it reads there; head 0
 * of the second looks for the place where its own token was written so, and copies the token that
 * stands there: the induction circuit of Olsson et al., "In-context Learning and Induction Heads"
 * (2022). Within the token budgets of the house models none formed by itself.
 *
 * @param draw Independent standard normal values.
 */
export function beginInduction(
  weights: ReadonlyMap<string, HostTensor>,
  {width, head}: {readonly width: number; readonly head: number},
  draw: () => number
): void {
  const turns = turnsOf(width);
  const tokens = width - 2 * turns.length;
  const matrix = (spread: number) => Array.from({length: tokens * head}, () => spread * draw());
  const [read, sent, copied] = [tokens, head, tokens].map((n) => matrix(1 / Math.sqrt(n)));
  const cell = (layer: number, name: string, columns: number) => {
    const {data} = weights.get(`h.${layer}.attn.${name}.weight`)!;
    return (row: number, column: number, value: number) => {
      data[row * columns + column] = value;
    };
  };
  const [back, match] = [0, 1].map((layer) => cell(layer, "c_attn", 3 * width));
  const [writeBack, writeMatch] = [0, 1].map((layer) => cell(layer, "c_proj", width));
  for (let i = 0; i < head; i++) {
    for (let j = 0; j < width; j++) {
      const at = j * head + i;
      const inside = j < tokens;
      back(j, i, 0);
      back(j, width + i, 0);
      back(j, 2 * width + i, inside ? read[at] : 0);
      match(j, i, inside ? 2 * read[at] : 0);
      match(j, width + i, inside ? 2 * sent[at] : 0);
      match(j, 2 * width + i, inside ? copied[at] : 0);
      writeBack(i, j, inside ? 0.2 * sent[at] : 0);
      writeMatch(i, j, inside ? 0.5 * copied[at] : 0);
    }
  }
  for (const [i, turn] of turns.slice(0, head / 2).entries()) {
    const [sine, cosine] = [tokens + 2 * i, tokens + 2 * i + 1];
    const [along, across] = [1.2 * Math.cos(turn), 1.2 * Math.sin(turn)];
    back(sine, width + 2 * i, 1.2);
    back(cosine, width + 2 * i + 1, 1.2);
    back(sine, 2 * i, along);
    back(cosine, 2 * i + 1, along);
    back(cosine, 2 * i, -across);
    back(sine, 2 * i + 1, across);
  }
}
