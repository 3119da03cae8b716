import {describe, expect, it} from "vitest";
import {openFileCache} from "../../src/model/model-cache.js";
import {memoryCaches} from "../support/memory-caches.js";

const root = new URL("https://host.test/a/");
const bytes = Uint8Array.of(1, 2, 3);

describe("openFileCache", () => {
  it("gives back what was put under the same sha256", async () => {
    const cache = openFileCache(root, memoryCaches());
    expect(await cache.has("aa")).toBe(false);
    expect(await cache.get("aa")).toBeNull();
    expect(await cache.put("aa", bytes)).toBeNull();
    expect(await cache.has("aa")).toBe(true);
    expect(await cache.get("aa")).toEqual(bytes);
    expect(await cache.has("bb")).toBe(false);
  });

  it("is apart from that of another site on the same host", async () => {
    const storage = memoryCaches();
    await openFileCache(root, storage).put("aa", bytes);
    const other = openFileCache(new URL("https://host.test/b/"), storage);
    expect(await other.get("aa")).toBeNull();
    await other.keepOnly(new Set());
    expect(await openFileCache(root, storage).get("aa")).toEqual(bytes);
  });

  it("drops what is not to be kept", async () => {
    const cache = openFileCache(root, memoryCaches());
    for (const name of ["aa", "bb"]) await cache.put(name, bytes);
    await cache.keepOnly(new Set(["bb"]));
    expect([await cache.has("aa"), await cache.has("bb")]).toEqual([false, true]);
  });

  it("says in a sentence that there is no room", async () => {
    const cache = openFileCache(root, memoryCaches(100));
    expect(await cache.put("aa", new Uint8Array(2_100_000))).toBe(
      "cache: the browser has no room left to keep 2.1 MB, so the next visit will load it again"
    );
    expect(await cache.has("aa")).toBe(false);
  });

  const refusing: Partial<CacheStorage> = {
    open: () => Promise.reject(new DOMException("no", "SecurityError"))
  };
  it.each<[string, CacheStorage | undefined, string | null]>([
    ["there is no Cache API", undefined, null],
    [
      "the browser refuses storage",
      refusing as CacheStorage,
      "cache: the browser could not keep 0.0 MB, so the next visit will load it again"
    ]
  ])("keeps nothing where %s", async (_, storage, sentence) => {
    const cache = openFileCache(root, storage);
    expect(await cache.put("aa", bytes)).toBe(sentence);
    expect(await cache.has("aa")).toBe(false);
    expect(await cache.get("aa")).toBeNull();
    await cache.keepOnly(new Set());
  });
});
