/** What a checker found in a story. */
export interface StoryFindings {
  /** How often the story says again where a thing is. */
  readonly claims: number;
  /** The sentences that contradict what was told before. */
  readonly wrong: readonly string[];
}

/** A piece of a text, and whether it is where the story breaks. */
export interface MarkedPiece {
  readonly text: string;
  readonly wrong: boolean;
}

/** A text cut at the sentences where it breaks. */
export function markedPieces(text: string, wrong: readonly string[]): MarkedPiece[] {
  const pieces: MarkedPiece[] = [];
  let at = 0;
  for (const sentence of wrong) {
    const start = text.indexOf(sentence, at);
    if (start < 0) continue;
    if (start > at) pieces.push({text: text.slice(at, start), wrong: false});
    at = start + sentence.length;
    pieces.push({text: sentence, wrong: true});
  }
  if (at < text.length) pieces.push({text: text.slice(at), wrong: false});
  return pieces;
}

/** The sentences of a text that have ended. */
export const endedSentences = (text: string): string =>
  /^[^]*[.!?]"?(?=\s|$)/.exec(text)?.[0] ?? "";

/** A checker's findings as a sentence. */
export function storyVerdict({claims, wrong}: StoryFindings): string {
  if (claims === 0) return "Nothing to check: it never says again where a thing is.";
  if (wrong.length === 0)
    return `Consistent: ${claims === 1 ? "the one place that it tells again is" : `all ${claims} places that it tells again are`} right.`;
  return `Breaks: ${wrong.length} of ${claims} places that it tells again ${wrong.length === 1 ? "contradicts" : "contradict"} the story.`;
}
