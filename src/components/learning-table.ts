import type {Chart} from "./chart.js";
import {type HouseModel, short} from "./house-model.js";
import {taskTable} from "./task-table.js";

/** What counts as learnt, of what a model knows of a task in the end. */
const LEARNT = 0.5;
/** Tasks below this at the end were not learnt. */
const KNOWN = 0.2;

const isFamily = (task: string) => !task.includes("/");

function learningFinding({name, checkpoints, tasks}: HouseModel): string {
  const known = Object.keys(tasks).filter((task) => isFamily(task) && tasks[task] >= KNOWN);
  const learnt = known
    .map((task) => ({
      task,
      tokens: checkpoints.find((one) => (one.tasks[task] ?? 0) >= LEARNT * tasks[task])?.tokens
    }))
    .sort((a, b) => (a.tokens ?? Infinity) - (b.tokens ?? Infinity));
  if (learnt.length === 0) return `${name} learnt none of the tasks`;
  const when = ({task, tokens}: (typeof learnt)[number]) =>
    `“${task}” ${tokens === undefined ? "after the last checkpoint" : `by ${short(tokens)} tokens`}`;
  return `First ${name} learns ${when(learnt[0])}, last ${when(learnt[learnt.length - 1])}`;
}

/** A model's right answers at each of its checkpoints, and at the end. */
export const learningTable: Chart<[model: HouseModel]> = {
  name: "learning",
  caption: `${taskTable.caption} One column a checkpoint, by tokens read; learnt means half of what it knows at the end.`,
  spec: taskTable.spec,
  of: (model) => {
    const end = {name: `${short(model.tokens)} end`, tasks: model.tasks};
    const readers = model.checkpoints.map(({tokens, tasks}) => ({name: short(tokens), tasks}));
    return taskTable.of([...readers, end], end, learningFinding(model));
  }
};
