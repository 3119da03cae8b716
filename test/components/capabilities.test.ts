import {afterEach, describe, expect, it, vi} from "vitest";
import {capabilities, report} from "../../src/components/capabilities.js";

afterEach(() => vi.unstubAllGlobals());

const adapter = {
  info: {vendor: "acme", architecture: "one", device: "", description: ""},
  features: new Set(["subgroups"]),
  limits: {maxStorageBufferBindingSize: 2 ** 30 * 2}
};

describe("what a browser offers", () => {
  it("is said where there is neither GPU nor storage", async () => {
    vi.stubGlobal("navigator", {userAgent: "none"});
    vi.stubGlobal("caches", undefined);
    const here = new Map((await capabilities()).map((one) => [one.feature, one.here]));
    expect(here.get("Models run on")).toMatch(/^your CPU: no WebGPU here/);
    expect(here.get("subgroups")).toBe("no");
    expect(here.get("Largest buffer binding")).toBe("no GPU");
    expect(here.get("Room to keep weights")).toBe("none");
  });

  it("names the adapter and its limits, in the report too", async () => {
    vi.stubGlobal("navigator", {
      gpu: {requestAdapter: () => Promise.resolve(adapter)},
      storage: {estimate: () => Promise.resolve({quota: 2 ** 30})}
    });
    vi.stubGlobal("caches", {});
    const list = await capabilities();
    const text = report(list, "Browser 1", "https://example.org/?prompt=x");
    expect(text).toContain("Page: https://example.org/?prompt=x\nBrowser: Browser 1\n");
    expect(text).toContain("Models run on: your GPU (acme one)");
    expect(text).toContain("Largest buffer binding: 2.0 GiB");
    expect(text).toContain("subgroups: yes\nshader-f16: no\nRoom to keep weights: 1.0 GiB\n");
  });
});
