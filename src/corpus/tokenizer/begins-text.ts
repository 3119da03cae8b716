/** A token by its text and its row of the vocabulary. */
interface Named {
  readonly content: string;
  readonly id: number;
}

/** The parts of a Hugging Face `tokenizer.json` that put one special token before every text. */
export function beginsText({content, id}: Named) {
  const begin = {SpecialToken: {id: content, type_id: 0}};
  const text = {Sequence: {id: "A", type_id: 0}};
  return {
    added_tokens: [
      {
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true
      }
    ],
    post_processor: {
      type: "TemplateProcessing",
      single: [begin, text],
      pair: [begin, text, {Sequence: {id: "B", type_id: 1}}],
      special_tokens: {[content]: {id: content, ids: [id], tokens: [content]}}
    }
  };
}
