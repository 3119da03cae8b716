import {describe, expect, it} from "vitest";
import {digitPairs, drawProbes, questions, scoreOf} from "../../src/corpus/probes.js";
import {seeded} from "../../src/corpus/random.js";
import {spreadWindows} from "../../src/corpus/windows.js";

const BEGIN = 0;
/** A token for each byte. */
const spelling = {
  encode: (text: string) => [...new TextEncoder().encode(text)],
  begin: BEGIN
};

describe("drawProbes", () => {
  it.each(questions)("draws held-out questions of $task with an answer that can be told", (one) => {
    const probes = drawProbes(seeded(5), spelling, {...one, count: 20});
    expect(probes).toHaveLength(20);
    for (const {kind, prompt, answer, rivals} of probes) {
      if (one.kinds) expect(one.kinds).toContain(kind);
      expect(prompt[0]).toBe(BEGIN);
      expect(answer.length).toBeGreaterThan(0);
      expect(rivals.length).toBeGreaterThan(0);
      for (const [at, id] of rivals) expect(answer[at]).not.toBe(id);
    }
  });

  it("gives the same questions for the same seed, others for another", () => {
    const draw = (seed: number) =>
      drawProbes(seeded(seed), spelling, {task: "pronoun", count: 5}).map(({prompt}) => prompt);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});

describe("scoreOf", () => {
  const probe = {
    task: "sum",
    kind: "sum",
    prompt: [BEGIN],
    answer: [1, 2],
    rivals: [
      [0, 3],
      [1, 0]
    ]
  } as const;
  const row = (...chances: number[]) => chances;

  it("exact: the answer is the likeliest text, and a tie is not enough", () => {
    expect(scoreOf("exact", probe, [row(0.1, 0.7, 0.1, 0.1), row(0, 0.1, 0.9, 0)], [])).toBe(1);
    expect(scoreOf("exact", probe, [row(0.1, 0.7, 0.1, 0.1), row(0.9, 0, 0.1, 0)], [])).toBe(0);
    expect(scoreOf("exact", probe, [row(0.1, 0.4, 0.4, 0.1), row(0, 0.1, 0.9, 0)], [])).toBe(0);
    expect(scoreOf("exact", probe, [row(NaN, NaN, NaN, NaN), row(0, 0.1, 0.9, 0)], [])).toBe(0);
  });

  it("choice: the answer beats every rival where they part, whatever else is likelier", () => {
    expect(scoreOf("choice", probe, [row(0, 0.2, 0.7, 0.1), row(0.1, 0.7, 0.2, 0)], [])).toBe(1);
    expect(scoreOf("choice", probe, [row(0, 0.2, 0, 0.8), row(0.1, 0.7, 0.2, 0)], [])).toBe(0);
    expect(scoreOf("choice", probe, [row(0, 0.2, 0.7, 0.1), row(0.2, 0.6, 0.2, 0)], [])).toBe(0);
    expect(scoreOf("choice", {...probe, rivals: []}, [row(0, 1), row(0, 0, 1)], [])).toBe(0);
  });

  it("spread: the chance of what can be right less that of what is wrong", () => {
    const years = {
      ...probe,
      answer: [3],
      rivals: [
        [0, 1],
        [0, 2]
      ] as const
    };
    expect(scoreOf("spread", years, [row(0.3, 0.1, 0.1, 0.2, 0.3)], [1, 2, 3, 4])).toBeCloseTo(0.3);
  });
});

describe("digitPairs", () => {
  it("refuses a tokenizer that has no token for each pair", () => {
    expect(() => digitPairs(spelling.encode)).toThrow(/one token for each pair .* got 2 for 00/);
  });
});

describe("spreadWindows", () => {
  const spans = [
    {source: "large", start: 0, length: 1000},
    {source: "large", start: 1000, length: 95},
    {source: "large", start: 1095, length: 905},
    {source: "small", start: 2000, length: 100}
  ];

  it("gives sources their share, and the small ones a window too", () => {
    const windows = spreadWindows(spans, 6, 100);
    const of = (name: string) => windows.filter(({source}) => source === name);
    expect(of("large").length).toBeGreaterThanOrEqual(5);
    expect(of("small")).toHaveLength(1);
  });

  it("keeps windows apart, and each within one document", () => {
    const windows = spreadWindows(spans, 12, 100);
    const starts = windows.map(({start}) => start);
    expect(new Set(starts).size).toBe(starts.length);
    for (const {start, length} of windows)
      expect(
        spans.some((span) => start >= span.start && start + length <= span.start + span.length)
      ).toBe(true);
  });
});
