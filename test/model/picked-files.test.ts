import {describe, expect, it} from "vitest";
import {ModelFileError} from "../../src/model/model-file-error.js";
import {pickModel} from "../../src/model/picked-files.js";

const pick = (...paths: string[]) =>
  pickModel(paths.map((path) => ({path, blob: new Blob([path])})));
const HF = ["config.json", "model.safetensors", "tokenizer.json"];
const below = (folder: string, names = HF) => names.map((name) => `${folder}/${name}`);
const picked = (...paths: string[]) => {
  const {name, files} = pick(...paths);
  return [name, ...files.keys()];
};

describe("pickModel", () => {
  it("takes a Hugging Face folder, and leaves what else lies there alone", () => {
    expect(picked(...below("gpt2"))).toEqual(["gpt2", ...HF]);
    expect(picked(...HF)).toEqual(["model", ...HF]);
    const more = ["gpt2/onnx/config.json", "gpt2/pytorch_model.bin", "gpt2/README.md"];
    expect(picked(...below("gpt2"), ...more)).toEqual(["gpt2", ...HF, "README.md"]);
  });

  it("takes parts with their index", () => {
    const parts = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
    const names = ["config.json", "tokenizer.json", "model.safetensors.index.json", ...parts];
    expect(picked(...below("a/llama", names))).toEqual(["llama", ...names]);
  });

  it("takes the one model that lies in a folder of the one that was picked", () =>
    expect(picked(...below("cache/snapshots/gpt2"))).toEqual(["gpt2", ...HF]));

  it("takes a GGUF file, with a config.json beside it or without", () => {
    expect(picked("tiny.Q8_0.gguf")).toEqual(["tiny.Q8_0", "model.gguf"]);
    expect(picked("a/tiny.gguf", "a/config.json")).toEqual(["tiny", "model.gguf"]);
  });

  it("takes a llama2.c model and its tokenizer, whichever comes first", async () => {
    const {name, files} = pick("stories15M.bin", "tokenizer.bin");
    expect([name, ...files.keys()]).toEqual(["stories15M", "model.bin", "tokenizer.bin"]);
    expect(await files.get("model.bin")!.text()).toBe("stories15M.bin");
    expect(picked("tok512_tokenizer.bin", "stories.bin")[0]).toBe("stories");
    expect(picked("stories260K.bin", "tok512.bin")[0]).toBe("stories260K");
  });

  it.each<[string, string[], string]>([
    ["nothing", [], "files: must be a folder or files of a model, got nothing"],
    [
      "no model",
      ["a.png", "b.txt", "c", "d"],
      'files: must hold config.json with model.safetensors and tokenizer.json, a .gguf file, or a llama2.c .bin with its tokenizer, got "a.png", "b.txt", "c" and 1 more'
    ],
    [
      "no config.json",
      ["gpt2/model.safetensors"],
      'files: must hold config.json with model.safetensors and tokenizer.json, a .gguf file, or a llama2.c .bin with its tokenizer, got "model.safetensors"'
    ],
    [
      "two models",
      [...below("all/gpt2"), ...below("all/pythia")],
      'files: must hold one model, got "all/gpt2" and "all/pythia"; pick one of them'
    ],
    [
      "two GGUF files",
      ["q/a.gguf", "q/b.gguf"],
      '"q": must hold one .gguf file, got "a.gguf" and "b.gguf"; pick one of them'
    ],
    [
      "a folder with both",
      [...below("x"), "x/x.gguf"],
      '"x": must hold one model, got config.json with safetensors and "x.gguf"; pick the files of one of them'
    ],
    [
      "weights that can run programs",
      ["x/config.json", "x/pytorch_model.bin"],
      '"x": must hold model.safetensors or its parts, "pytorch_model.bin" is not read: it can run programs; save the model with safe_serialization=True'
    ],
    [
      "no weights",
      ["x/config.json", "x/tokenizer.json"],
      '"x": must hold model.safetensors or its parts, it is missing'
    ],
    [
      "a tokenizer alone",
      ["tokenizer.bin"],
      "files: must hold one llama2.c model and its tokenizer, got 1 .bin files"
    ],
    ["a way up", ["x/../config.json"], 'files: file names must be plain, got "x/../config.json"'],
    [
      "a way to the root",
      ["/etc/config.json"],
      'files: file names must be plain, got "/etc/config.json"'
    ],
    ["a backslash", ["x\\config.json"], 'files: file names must be plain, got "x\\config.json"'],
    [
      "a name written backwards",
      ["x/gpj.\u202egnp.config.json"],
      'files: file names must be plain, got "x/gpj.\ufffdgnp.config.json"'
    ],
    ["a line break", ["x/a\nb"], 'files: file names must be plain, got "x/a\ufffdb"'],
    [
      "one name twice",
      ["x/config.json", "x/config.json"],
      'files: files must have different names, two are "config.json"'
    ]
  ])("refuses %s", (_, paths, sentence) =>
    expect(() => pick(...paths)).toThrow(new ModelFileError(sentence))
  );

  it("refuses a folder of everything, before it looks at it", () => {
    const many = Array.from({length: 10_001}, (_, i) => ({path: `x/${i}`, blob: new Blob()}));
    expect(() => pickModel(many)).toThrow(
      new ModelFileError("files: must be the folder of one model, got more than 10,000 files")
    );
  });

  it("keeps names that JavaScript objects have as names", () =>
    expect(picked(...below("x"), "x/__proto__", "x/constructor")).toContain("__proto__"));
});
