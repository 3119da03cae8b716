import {readFileSync} from "node:fs";
import {type AttackLaw, attackLaws} from "../../src/components/attack-laws.js";
import {storedSvg} from "./stored.js";

const table = readFileSync("data/tables/activation-attacks.json", "utf8");
process.stdout.write(await storedSvg(attackLaws, JSON.parse(table) as AttackLaw[]));
