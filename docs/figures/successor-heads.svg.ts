import {join} from "node:path";
import {folderFiles} from "../../src/cli/folder-source.js";
import {MODELS} from "../../src/cli/model.js";
import {successorMatrix} from "../../src/components/successor-matrix.js";
import {listClasses, listModel} from "../../src/papers/successor-heads/models.js";
import {brightCells} from "../../src/papers/successor-heads/picture.js";
import {ovMatrix, readClasses} from "../../src/papers/successor-heads/scores.js";
import {storedSvg} from "./stored.js";

const model = await listModel({shipped: (name) => folderFiles(join(MODELS, name))}, "lists-digits");
const [numbers] = readClasses(model, listClasses);
const heads = Array.from({length: model.config.heads}, (_, i) => i);
process.stdout.write(
  await storedSvg(successorMatrix, {
    heads: "The heads together",
    name: numbers.of.name,
    cells: brightCells(ovMatrix(model, {layer: 1, heads}, numbers))
  })
);
