import {hash} from "../../src/corpus/random.js";
import type {Document} from "./document.js";
import type {Source} from "./natural.js";

/** The largest share of the natural characters that may come from religious texts. */
export const RELIGIOUS_CAP = 0.4;

/**
 * Drops whole documents of the largest religious source, chosen by a hash of their names, until
 * religious texts are at most 40 % of the natural characters.
 */
export function capReligious(
  documents: readonly Document[],
  sources: readonly Source[]
): Document[] {
  const religious = new Set(
    sources.filter((entry) => entry.religious).map((entry) => entry.source)
  );
  const characters = (pick: (document: Document) => boolean): number =>
    documents.filter(pick).reduce((sum, {text}) => sum + text.length, 0);
  const secular = characters(({source}) => !religious.has(source));
  let excess =
    characters(({source}) => religious.has(source)) -
    (secular * RELIGIOUS_CAP) / (1 - RELIGIOUS_CAP);
  const sizes = [...religious].map((name) => characters(({source}) => source === name));
  const largest = [...religious][sizes.indexOf(Math.max(...sizes))];
  const dropped = new Set<Document>();
  const candidates = documents
    .filter(({source}) => source === largest)
    .sort((a, b) => hash(`cap ${a.id}`) - hash(`cap ${b.id}`));
  for (const document of candidates) {
    if (excess <= 0) break;
    dropped.add(document);
    excess -= document.text.length;
  }
  return documents.filter((document) => !dropped.has(document));
}
