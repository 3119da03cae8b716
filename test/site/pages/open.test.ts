import {beforeAll, describe, expect, it} from "vitest";
import {buildSite} from "../../../src/site/build.js";
import {checkSite} from "../../../src/site/check/check.js";
import type {Problem} from "../../../src/site/check/problem.js";
import {openSite} from "../../../src/site/open.js";
import {copyPages} from "../support/fixture.js";

describe("openSite", () => {
  let problems: readonly Problem[];
  const ofPage = (page: string) =>
    problems.filter(({file}) => file === page).map(({message}) => message);

  beforeAll(async () => {
    const config = copyPages("broken-open");
    expect(await checkSite(config)).toEqual([]);
    const {output} = await buildSite(config);
    problems = await openSite(output, []);
  });

  it("reports a cell that throws", () => {
    expect(ofPage("throws")).toContainEqual(
      expect.stringContaining("Cannot read properties of undefined (reading 'name')")
    );
    expect(ofPage("throws")).toContainEqual(expect.stringMatching(/^cell: TypeError/));
  });

  it("reports an error that is logged, and one that is thrown outside a cell", () => {
    expect(ofPage("logs")).toEqual(["page: the figure is empty"]);
    expect(ofPage("later")).toEqual(["page: too late"]);
  });

  it("reports a request that fails, and one to another host", () => {
    expect(ofPage("missing")).toContainEqual(
      expect.stringMatching(/^request: .*\/data\/none\.json got 404$/)
    );
    expect(ofPage("foreign")).toContainEqual(
      "host: nothing may be asked of another host, got https://example.org/data.json"
    );
  });

  it("has nothing to say about a page that works", () => {
    expect(ofPage("/")).toEqual([]);
  });
});
