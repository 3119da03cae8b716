import {openLanguageModel} from "../../src/cli/model.js";
import {patchMap} from "../../src/components/patch-map.js";
import {storedSvg} from "./stored.js";

const model = await openLanguageModel({model: "house-1m", backend: "wasm"});
const cells = await model.patchEach({
  clean: "Then Mary and Tom went to the store, and Mary gave a book to",
  corrupt: "Then Mary and Tom went to the store, and Tom gave a book to",
  answer: " Tom",
  wrong: " Mary"
});
process.stdout.write(await storedSvg(patchMap, cells));
