import {describe, expect, it} from "vitest";
import {bibtex, citation} from "../../src/components/citation.js";

const cited = {
  finding: "The answer is “63”",
  title: "See inside a language model",
  url: "https://example.org/x/guide/see-inside?prompt=a+b",
  day: new Date("2026-11-23T23:00:00Z"),
  model: {
    name: "house-1m",
    sha256: "0123456789abcdef0123",
    device: {name: "WebAssembly", backend: "wasm", software: false, slow: true}
  }
} as const;

describe("a figure's citation", () => {
  it("names finding, page, state, weights, device and day", () => {
    expect(citation(cited)).toBe(
      "“The answer is “63”.” See inside a language model, https://example.org/x/guide/see-inside?prompt=a+b, house-1m (sha256 0123456789ab), computed on WebAssembly, 2026-11-23."
    );
    expect(citation({...cited, model: undefined})).not.toContain("sha256");
  });

  it("is one BibTeX entry with balanced braces", () => {
    const entry = bibtex(cited);
    expect(entry).toMatch(/^@misc\{workings-see-inside-a-language-model,\n/);
    expect(entry).toContain("year = {2026}");
    expect(entry.split("{").length).toBe(entry.split("}").length);
  });
});
