/** Of held-out text, as a model's heldout.json has it. */
export interface Window {
  readonly source: string;
  readonly tokens: readonly number[];
}

/** Tokens of a context, the begin token included: as many as are ever controlled. */
export const CONTEXT = 16;

/** The token that begins every text of the house models. */
const BEGIN = 0;

/** What natural text gives as contexts: the first window of each source, then the second. */
export function contextsOf(windows: readonly Window[]): number[][] {
  const natural = windows.filter(({source}) => !source.startsWith("generated/"));
  const turn = (at: number) =>
    natural.slice(0, at).filter(({source}) => source === natural[at].source).length;
  return natural
    .map(({tokens}, at) => ({tokens, turn: turn(at)}))
    .sort((one, other) => one.turn - other.turn)
    .map(({tokens}) => [BEGIN, ...tokens.filter((id) => id !== BEGIN)].slice(0, CONTEXT));
}

/** The tokens of that text, ascending, the begin token left out: what a model has met, and may be forced to say. */
export const tokensOf = (windows: readonly Window[]): number[] =>
  [...new Set(windows.flatMap(({tokens}) => tokens))]
    .filter((id) => id !== BEGIN)
    .sort((a, b) => a - b);
