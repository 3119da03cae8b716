import {scalingLaw} from "../../src/components/scaling-law.js";
import {predictedLoss} from "../../src/fit/scaling-law.js";
import {ladder} from "./cards.js";
import {storedSvg} from "./stored.js";

const {rows, law} = ladder();
const chart = {
  ...scalingLaw,
  of: () =>
    law
      ? scalingLaw.of(rows, (parameters, tokens) => predictedLoss(law, {parameters, tokens}))
      : scalingLaw.of(rows)
};
process.stdout.write(await storedSvg(chart, undefined));
