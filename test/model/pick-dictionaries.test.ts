import {expect, it} from "vitest";
import {pickDictionaries} from "../../src/model/dictionaries/pick-dictionaries.js";

const files = (...paths: string[]) => paths.map((path) => ({path, blob: new Blob([path])}));
const sae = (folder: string) => [`${folder}/cfg.json`, `${folder}/sae_weights.safetensors`];

it("takes one folder under its own name for features, several under theirs", () => {
  const one = pickDictionaries(files(...sae("mine"), "mine/readme.md"));
  expect(one.name).toBe("mine");
  expect(one.folders).toHaveLength(1);
  expect(one.folders[0].name).toBeUndefined();
  expect([...one.folders[0].files.keys()]).toContain("cfg.json");
  const two = pickDictionaries(
    files(...sae("all/mlp0tc"), ...sae("all/mlp1tc"), "all/x/config.yaml")
  );
  expect(two.name).toBe("all");
  expect(two.folders.map(({name}) => name)).toEqual(["mlp0tc", "mlp1tc", "x"]);
});

it("says what is missing, and refuses names that are not plain", () => {
  expect(() => pickDictionaries(files("mine/cfg.json"))).toThrow(
    "drop: must hold cfg.json with sae_weights.safetensors (SAELens) or config.yaml"
  );
  expect(() => pickDictionaries([])).toThrow("drop: must hold cfg.json");
  expect(() => pickDictionaries(files("mine/../cfg.json"))).toThrow("file names must be plain");
});
