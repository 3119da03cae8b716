import {describe, expect, it} from "vitest";
import {droppedFile} from "../../src/components/dropped-file.js";

interface Dropped {
  readonly kind: string;
  readonly name?: string;
  readonly isDirectory?: boolean;
}

/** What a browser hands over when something is dropped. */
const transfer = (...dropped: Dropped[]) =>
  ({
    items: dropped.map(({kind, name, isDirectory = false}) => ({
      kind,
      getAsFile: () => (name === undefined ? null : {name}),
      webkitGetAsEntry: () => ({isDirectory})
    }))
  }) as unknown as DataTransfer;

describe("droppedFile(transfer)", () => {
  it("gives the one file, whatever else comes with it", () => {
    const given = transfer({kind: "string"}, {kind: "file", name: "a.csv"});
    expect(droppedFile(given)).toEqual({name: "a.csv"});
  });
  it.each<[string, DataTransfer | null, string]>([
    [
      "a folder",
      transfer({kind: "file", name: "pairs", isDirectory: true}),
      "pairs: must be a file, got a folder"
    ],
    [
      "two files",
      transfer({kind: "file", name: "a"}, {kind: "file", name: "b"}),
      "drop: must be one file, got 2"
    ],
    [
      "a selection of text",
      transfer({kind: "string"}),
      "drop: must be one file, got something else"
    ],
    ["nothing", null, "drop: must be one file, got something else"]
  ])("refuses %s in one sentence", (_, given, sentence) => {
    expect(() => droppedFile(given)).toThrow(sentence);
  });
});
