import type {ModelConfig} from "./config.js";
import {
  type DictionaryPlan,
  type DictionaryRequest,
  planDictionaries
} from "./dictionary-request.js";
import {SiteError} from "./sites.js";

/**
 * What each pass of a continuation asks of dictionaries; it reads `tokens` tokens at positions
 * `start …`. An edit's `pos` counts from the start of the prompt, a negative one from its end; an edit
 * without applies to new tokens too.
 *
 * @throws {SiteError} naming the first that does not fit the model, the others or the context.
 */
export function dictionaryWindows(
  request: DictionaryRequest | undefined,
  config: ModelConfig,
  prompt: number
): (start: number, tokens: number) => DictionaryPlan | undefined {
  if (!request) return () => undefined;
  for (const {name, input} of request.dictionaries)
    if (input.startsWith("ln_final"))
      throw new SiteError(
        `${name}: input must come before the final norm to be read while a text is continued, got ${input}`
      );
  const edits = request.edits.map((edit) => ({
    ...edit,
    ...(edit.pos && {
      pos: edit.pos.map((index) => {
        if (Number.isInteger(index) && index >= -prompt && index < config.context)
          return index < 0 ? index + prompt : index;
        throw new SiteError(
          `edit of ${edit.dictionary}[${edit.feature}]: pos must be in ${-prompt} … ${config.context - 1}, counted from the prompt’s start or end, got ${index}`
        );
      })
    })
  }));
  planDictionaries({...request, edits}, config, 1, config.context);
  return (start, tokens) => {
    const inside = edits.flatMap(({pos, ...edit}) => {
      if (!pos) return [edit];
      const here = pos.filter((at) => at >= start && at < start + tokens);
      return here.length > 0 ? [{...edit, pos: here.map((at) => at - start)}] : [];
    });
    return planDictionaries({...request, edits: inside}, config, 1, tokens);
  };
}
