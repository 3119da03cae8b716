import {logitLens} from "../../src/components/logit-lens.js";
import {storedRun, storedSvg} from "./stored.js";

process.stdout.write(await storedSvg(logitLens, await storedRun()));
