import {taskTable} from "../../src/components/task-table.js";
import {houseModels, ngrams} from "./cards.js";
import {storedSvg} from "./stored.js";

const counts = ngrams().flatMap(({order, tasks}) =>
  tasks ? [{name: `${order}-gram`, tasks}] : []
);
const house = houseModels().filter(({family}) => family === "house");
const largest = house[house.length - 1];
const chart = {...taskTable, of: () => taskTable.of([...counts, ...house], largest)};
process.stdout.write(await storedSvg(chart, undefined));
