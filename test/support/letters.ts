import type {Tokenizer} from "../../src/model/tokenizer.js";

const LETTERS = "abcdefghijklmnopqrstuvwxyz .";

/** A tokenizer of 28 one-letter tokens, and "|", which begins a text and has id 28. */
export const letters: Tokenizer = {
  vocab: 29,
  begin: 28,
  encode: (text) => Array.from(text, (letter) => LETTERS.indexOf(letter)),
  decode: (ids) => ids.map((id) => letters.token(id)).join(""),
  token: (id) => LETTERS[id] ?? "|"
};
