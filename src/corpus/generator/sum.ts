import {numberWords} from "../words.js";
import type {Family} from "./example.js";
import {capital} from "./example.js";

/** Small sums and differences, in digits and in words; pairs with 3a + b ≡ 1 (mod 8) are held out. */
export const sum: Family = (random, split) => {
  const inWords = random.chance(0.3);
  const top = inWords ? 10 : random.chance(0.6) ? 20 : 49;
  for (;;) {
    const a = random.int(top + 1);
    const b = random.int(top + 1);
    const minus = random.chance(0.35);
    const result = minus ? a - b : a + b;
    if (result < 0 || ((3 * a + b) % 8 === 1) !== (split === "heldout")) continue;
    const labels = {a, b, operation: minus ? "minus" : "plus", result};
    const [prompt, answer] = inWords
      ? [
          `${capital(numberWords[a])} ${minus ? "minus" : "plus"} ${numberWords[b]} is`,
          ` ${numberWords[result]}`
        ]
      : [`${a} ${minus ? "-" : "+"} ${b} = `, String(result)];
    const wrong = inWords
      ? numberWords.filter((_, value) => value !== result).map((word) => ` ${word}`)
      : Array.from({length: 100}, (_, value) => String(value)).filter((text) => text !== answer);
    return {
      task: "sum",
      sentences: [{text: `${prompt}${answer}${inWords ? "." : ""}`, labels}],
      joint: " ",
      probe: {prompt, answer, wrong}
    };
  }
};
