import {describe, expect, it} from "vitest";
import {families, generate} from "../../src/corpus/generator/generate.js";
import type {Task} from "../../src/corpus/generator/example.js";
import {seeded} from "../../src/corpus/random.js";
import {labelSpans, spansOfTokens} from "../../src/corpus/token-labels.js";

const texts = (text: string, spans: ReturnType<typeof labelSpans>, label: string) =>
  spans.filter((span) => span.label === label).map(({start, end}) => text.slice(start, end));

describe("labelSpans(document)", () => {
  it("marks the family, the slots and the words of a span of years", () => {
    const text = "The war lasted from 1743 to 1752.";
    const spans = labelSpans({
      examples: [
        {
          task: "year-span",
          sentences: [{text, labels: {noun: "war", century: 17, start: 43, end: 52}}],
          joint: " ",
          probe: null
        }
      ]
    });
    expect(texts(text, spans, "year-span")).toEqual([text]);
    expect(texts(text, spans, "year-span noun")).toEqual(["war"]);
    expect(texts(text, spans, "year-span century")).toEqual(["17", "17"]);
    expect(texts(text, spans, "year-span start")).toEqual(["43"]);
    expect(texts(text, spans, "year-span end")).toEqual(["52"]);
  });

  it("says where each example of a document stands, for every family", () => {
    for (const task of Object.keys(families) as Task[])
      for (let seed = 0; seed < 20; seed++) {
        const document = generate(seeded(seed), task, "train");
        const spans = labelSpans(document).filter(({kind}) => kind === "family");
        expect(spans.map(({start, end}) => document.text.slice(start, end)).join("\n")).toBe(
          document.text
        );
        expect(spans.every(({label}) => label === task)).toBe(true);
      }
  });

  it("marks a word of a class and the word itself, not a part of a longer word", () => {
    const text = "Tuesday, Wednesday and mayday";
    const spans = labelSpans({
      examples: [
        {task: "successor", sentences: [{text, labels: {kind: "day"}}], joint: " ", probe: null}
      ]
    });
    expect(texts(text, spans, "day")).toEqual(["Tuesday", "Wednesday"]);
    expect(texts(text, spans, "day=Tuesday")).toEqual(["Tuesday"]);
    expect(texts(text, spans, "successor kind=day")).toEqual([text]);
  });
});

describe("spansOfTokens(spans, pieces)", () => {
  it("gives a token what its letters overlap, not its leading space", () => {
    const spans = [{kind: "word", label: "a", start: 0, end: 3} as const];
    expect(spansOfTokens(spans, ["The", " w", "ar"]).map((list) => list.length)).toEqual([1, 0, 0]);
    const later = [{kind: "word", label: "b", start: 4, end: 7} as const];
    expect(spansOfTokens(later, ["The", " w", "ar"]).map((list) => list.length)).toEqual([0, 1, 1]);
  });
});
