import {storedCurves} from "./reachability.js";

process.stdout.write(JSON.stringify(await storedCurves()));
