import {readFileSync} from "node:fs";

process.stdout.write(readFileSync("data/tables/activation-attacks.json", "utf8"));
