import {nextTokens} from "../../src/components/next-tokens.js";
import {storedRun, storedSvg} from "./stored.js";

process.stdout.write(await storedSvg(nextTokens, await storedRun()));
