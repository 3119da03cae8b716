import {describe, expect, it} from "vitest";
import {parseRowFile, type RowFile, rowFileText} from "../../src/tables/row-file.js";

const row = {
  ...{state_id: "3@20+8", state_len: 8, target: 300, target_rank: 12, target_kind: "top-75"},
  ...{method: "gcg", k: 2, success: true, prompt_ids: [4, 511]},
  ...{base_loss: 5.25, loss: 1.5, evals: 97}
};
const file: RowFile = {
  ...{table: "reachability", run_id: "ladder-25k-0"},
  ...{about: {model: "ladder-25k", seed: 0}, rows: [row, {...row, k: 3}]}
};
const lines = () => rowFileText(file).trimEnd().split("\n");
const parsed = (changed: readonly string[]) => () => parseRowFile(changed.join("\n"), "r.jsonl");

describe("parseRowFile", () => {
  it("reads what rowFileText wrote, a line a row", () => {
    expect(lines()).toHaveLength(3);
    expect(parseRowFile(rowFileText(file), "r.jsonl")).toEqual(file);
  });

  it("keeps six digits", () => {
    const {rows} = parseRowFile(rowFileText({...file, rows: [{...row, loss: 1.23456789}]}), "r");
    expect(rows[0].loss).toBe(1.23457);
  });

  it("refuses a row that is cut off, and one with a value of another type", () => {
    const [head, first, second] = lines();
    expect(parsed([head, first, second.slice(0, 20)])).toThrow("r.jsonl: line 3 must be JSON");
    expect(parsed([head, "[1,2]"])).toThrow("r.jsonl: line 2 must hold 12 values, one a column");
    expect(parsed([head, first.replace("[4,511]", "7")])).toThrow(
      "r.jsonl: line 2: prompt_ids must be INTEGER[], got 7"
    );
    expect(parsed([head, first.replace("1.5", "null")])).toThrow(
      "r.jsonl: line 2: loss must be DOUBLE, got null"
    );
  });

  it("refuses another table's columns, and what is no such file", () => {
    const [head, first] = lines();
    expect(parsed([head.replace("reachability", "attacks"), first])).toThrow(
      "r.jsonl: columns must be model, layer, a, t,"
    );
    expect(parsed([""])).toThrow("r.jsonl: line 1 must be JSON, got nothing");
    expect(parsed(["{}"])).toThrow("r.jsonl: line 1 must name the table (reachability, attacks)");
  });
});
