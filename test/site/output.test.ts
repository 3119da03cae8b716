import {mkdtempSync, rmSync, truncateSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {inspectOutput} from "../../src/site/output.js";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "output-"))));
afterEach(() => rmSync(folder, {recursive: true}));

describe("inspectOutput", () => {
  it("counts pages, files and bytes", () => {
    writeFileSync(join(folder, "index.html"), '<a href="https://example.org">a site</a>');
    writeFileSync(join(folder, "x.js"), "1;");
    expect(inspectOutput(folder)).toEqual({pages: 1, files: 2, bytes: 42});
  });

  it("refuses a file over 25 MB", () => {
    writeFileSync(join(folder, "big.bin"), "");
    truncateSync(join(folder, "big.bin"), 25_100_000);
    expect(() => inspectOutput(folder)).toThrow(
      "build: big.bin must be at most 25 MB, got 25.1 MB"
    );
  });

  it.each([
    ["a.html", '<img alt="" src="https://example.org/a.png">'],
    ["b.html", '<link rel="stylesheet" href="//example.org/b.css">'],
    ["c.css", '@import "https://example.org/c.css";'],
    ["d.css", "p { background: url(https://example.org/d.png) }"],
    ["e.js", 'import x from "https://example.org/e.js";'],
    ["f.js", "fetch('https://example.org/f.json')"],
    ["g.js", "new WebSocket(`wss://example.org/g`)"]
  ])("refuses a request to another host in %s", (name, text) => {
    writeFileSync(join(folder, name), text);
    expect(() => inspectOutput(folder)).toThrow(
      `build: ${name} must not ask another host for anything, got `
    );
  });
});
