import type {TopLevelSpec} from "vega-lite";
import type {Chart} from "./chart.js";
import type {Cells} from "./chart-rows.js";
import type {Accuracies} from "./house-model.js";
import {color} from "./theme.js";
import type {Row} from "./vega-chart.js";

/** A reader of the questions: a model, a checkpoint, n-grams, or this page. */
export interface TaskReader {
  readonly name: string;
  readonly tasks: Accuracies;
}

/** What counts as done, of a task's questions. */
const DONE = 0.9;

/** Task names without their finer kinds, hardest for the last model last. */
function tasksOf(readers: readonly TaskReader[], by: TaskReader): string[] {
  const names = new Set(readers.flatMap(({tasks}) => Object.keys(tasks)));
  const score = (task: string) => by.tasks[task] ?? -1;
  return [...names].filter((task) => !task.includes("/")).sort((a, b) => score(b) - score(a));
}

function taskRows(readers: readonly TaskReader[], by: TaskReader): Row[] {
  const tasks = tasksOf(readers, by);
  return readers.flatMap(({name, tasks: scores}, column) =>
    tasks
      .filter((task) => task in scores)
      .map((task) => ({
        reader: name,
        column,
        task,
        number: tasks.indexOf(task),
        right: scores[task]
      }))
  );
}

function sizeFinding(readers: readonly TaskReader[], by: TaskReader): string {
  const count = ({tasks}: TaskReader) =>
    Object.entries(tasks).filter(([task, right]) => !task.includes("/") && right >= DONE).length;
  const all = tasksOf(readers, by).length;
  const others = readers
    .filter((reader) => reader !== by && /gram/.test(reader.name))
    .map((reader) => `; the ${reader.name}, ${count(reader)}`);
  return `${by.name} is right at least ${100 * DONE} % of the time in ${count(by)} of ${all} families${others.join("")}`;
}

/** Two readers' right answers on average over the tasks that both were asked, as a finding. */
export function agreementFinding(name: string, stored: Accuracies, here: Accuracies): string {
  const both = Object.keys(here).filter((task) => task in stored);
  const mean = (tasks: Accuracies) =>
    both.reduce((sum, task) => sum + tasks[task], 0) / both.length;
  const percent = (tasks: Accuracies) => `${(100 * mean(tasks)).toFixed(0)} %`;
  return `Here ${name} gives the right answer ${percent(here)} of the time; its card says ${percent(stored)}`;
}

const CELL = 58;
const cells: Cells = {position: "column", steps: ["x_step"], room: 1200, least: 44};

const spec: TopLevelSpec = {
  description: "Right answers by task and reader",
  usermeta: {cells},
  data: {name: "rows"},
  width: {step: CELL},
  height: {step: 22},
  encoding: {
    x: {
      field: "reader",
      type: "ordinal",
      sort: {field: "column"},
      axis: {
        title: null,
        orient: "top",
        labelAngle: 0,
        labelLimit: 0,
        labelExpr: "replace(datum.label, /^(house|ladder)-/, '')",
        labelColor: color("ink")
      }
    },
    y: {
      field: "task",
      type: "ordinal",
      sort: {field: "number"},
      axis: {title: null, labelColor: color("ink"), labelLimit: 0}
    },
    tooltip: [
      {field: "reader"},
      {field: "task"},
      {field: "right", title: "right answers", format: ".1%"}
    ]
  },
  layer: [
    {
      mark: {type: "rect", cornerRadius: 2},
      encoding: {
        opacity: {
          field: "right",
          type: "quantitative",
          legend: null,
          scale: {domain: [0, 1], range: [0.04, 0.75]}
        }
      }
    },
    {
      mark: {type: "text", fontSize: 11.5},
      encoding: {text: {field: "right", type: "quantitative", format: ".0%"}}
    }
  ]
};

/** The share of right answers, a row a task and a column a reader; `by` orders the rows and is told of. */
export const taskTable: Chart<[readers: readonly TaskReader[], by: TaskReader, finding?: string]> =
  {
    name: "task-accuracy",
    caption: "Held-out questions of which the right answer is the likeliest text, token by token.",
    spec,
    of: (readers, by, finding = sizeFinding(readers, by)) => ({
      rows: taskRows(readers, by),
      finding
    })
  };
