import {expect, it} from "vitest";
import {digits, formatTable, type Report, resultName} from "../../bench/report.js";

it("lines columns up", () =>
  expect(
    formatTable({
      columns: ["what", "ms"],
      rows: [
        ["a", "10.5"],
        ["longer", "1"]
      ]
    })
  ).toBe("what      ms\na       10.5\nlonger     1"));

it("keeps three digits", () =>
  expect([0.01234, 1.2345, 12.345, 123.45, 12345].map(digits)).toEqual([
    "0.0123",
    "1.23",
    "12.3",
    "123",
    "12345"
  ]));

it("names a result by its day, suite and adapter", () =>
  expect(
    resultName({
      date: "2026-11-23T05:00:00.000Z",
      suite: "kernels",
      adapter: {name: "NVIDIA Ada (L4)", software: false}
    } as Report)
  ).toBe("2026-11-23-kernels-nvidia-ada-l4.json"));
