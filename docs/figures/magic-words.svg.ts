import {kEpsilonChart} from "../../src/components/k-epsilon.js";
import {storedCurves} from "./reachability.js";
import {storedSvg} from "./stored.js";

const curves = await storedCurves();
const shown = curves.find(
  ({model, kind, length}) => model === "ladder-330k" && kind === "top-75" && length === "any"
)!;
process.stdout.write(await storedSvg(kEpsilonChart, shown));
