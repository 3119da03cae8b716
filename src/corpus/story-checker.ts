/** What the checker read out of a story. */
export interface StoryCheck {
  /** Sentences that say where an object is, or take it from somewhere, after it was put down. */
  readonly claims: number;
  /** The claims that contradict what was told before. */
  readonly wrong: readonly string[];
}

const put = /\b(?:put|hid|left|placed) (?:the|a|an) (?:\w+ )??(\w+) in the (\w+)/;
const putIt = /\b(?:put|hid|left|placed) it in the (\w+)/;
const moved = /\bmoved the (\w+) from the (\w+) to the (\w+)/;
const took = /\btook the (\w+) (?:out of|from) the (\w+)/;
const isIn = /\b[Tt]he (\w+) (?:was|is) (?:still |now )?in the (\w+)/;
const found = /\bfound the (\w+) in the (\w+)/;
const lookedFor = /\blooked for the (\w+) and found it in the (\w+)/;
const unwanted = /\bdid not want the (\w+) in the (\w+)/;
const thereWas = /\b[Tt]here was an? (?:\w+ )?(\w+) in the (\w+)/;

/**
 * Follows every object of a story from place to place and holds each later mention against it:
 * an object is where it was put.
 *
 * @param text A story in the generator's English, or what a model wrote in its manner.
 */
export function checkStory(text: string): StoryCheck {
  const where = new Map<string, string>();
  const wrong: string[] = [];
  let claims = 0;
  let last = "";
  const claim = (sentence: string, object: string, place: string): void => {
    const known = where.get(object);
    last = object;
    where.set(object, place);
    if (known === undefined) return;
    claims++;
    if (known !== place) wrong.push(sentence);
  };
  for (const sentence of text.split(/(?<=[.!?]"?)\s+/)) {
    let match: RegExpExecArray | null;
    if ((match = moved.exec(sentence)) !== null) {
      claim(sentence, match[1], match[2]);
      where.set(match[1], match[3]);
    } else if ((match = took.exec(sentence)) !== null) {
      claim(sentence, match[1], match[2]);
      const again = putIt.exec(sentence);
      where.set(match[1], again === null ? "held" : again[1]);
    } else if ((match = lookedFor.exec(sentence) ?? found.exec(sentence)) !== null) {
      claim(sentence, match[1], match[2]);
    } else if ((match = unwanted.exec(sentence) ?? isIn.exec(sentence)) !== null) {
      claim(sentence, match[1], match[2]);
    } else if ((match = thereWas.exec(sentence) ?? put.exec(sentence)) !== null) {
      last = match[1];
      where.set(match[1], match[2]);
    } else if ((match = putIt.exec(sentence)) !== null) {
      if (last !== "") where.set(last, match[1]);
    } else if ((match = /\bhad (?:a|an) (\w+)\./.exec(sentence)) !== null) {
      last = match[1];
    }
  }
  return {claims, wrong};
}
