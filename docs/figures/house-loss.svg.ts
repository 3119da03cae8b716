import {lossCurves} from "../../src/components/loss-curves.js";
import {houseModels} from "./cards.js";
import {storedSvg} from "./stored.js";

const house = houseModels().filter(({family}) => family === "house");
process.stdout.write(await storedSvg(lossCurves, house));
