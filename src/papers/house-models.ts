import type {Claims} from "./environment.js";
import {bits} from "./house-models/bits.js";
import {files} from "./house-models/files.js";
import {ladder} from "./house-models/ladder.js";
import {recipe} from "./house-models/recipe.js";
import {stories} from "./house-models/stories.js";
import {tasks} from "./house-models/tasks.js";

export {slug} from "./house-models/shipped.js";

/** What is promised of the models that were trained here: their files, and what they can do. */
export const claims: Claims = async function* (environment) {
  for (const group of [files, bits, tasks, stories, ladder, recipe])
    for await (const row of group(environment)) yield row;
};
