/** Files by their sha256, kept in the browser from one visit to the next. */
export interface FileCache {
  has(sha256: string): Promise<boolean>;
  get(sha256: string): Promise<Uint8Array | null>;
  /** @returns A sentence if the file could not be kept, else null. */
  put(sha256: string, bytes: Uint8Array): Promise<string | null>;
  /** Drops every file but these. */
  keepOnly(sha256s: ReadonlySet<string>): Promise<void>;
}

/**
 * The Cache API as a `FileCache`. Its name holds the site's path, because sites on one host share an
 * origin. Where there is no Cache API (Node, a page without HTTPS, storage switched off) nothing is kept.
 *
 * @param root Of the site, with a slash at the end.
 */
export function openFileCache(
  root: URL,
  storage: CacheStorage | undefined = globalThis.caches
): FileCache {
  // Storage that a browser refuses or has damaged is as good as none.
  const attempt = async <T>(use: (cache: Cache) => Promise<T>): Promise<T | null> => {
    try {
      const cache = await storage?.open(`workings:${root.pathname}`);
      return cache ? await use(cache) : null;
    } catch {
      return null;
    }
  };
  const key = (sha256: string): string => new URL(`data/sha256/${sha256}`, root).href;
  return {
    has: async (sha256) => (await attempt((cache) => cache.match(key(sha256)))) != null,
    get: (sha256) =>
      attempt(async (cache) => {
        const response = await cache.match(key(sha256));
        return response ? new Uint8Array(await response.arrayBuffer()) : null;
      }),
    async put(sha256, bytes) {
      try {
        const cache = await storage?.open(`workings:${root.pathname}`);
        await cache?.put(key(sha256), new Response(bytes as Uint8Array<ArrayBuffer>));
        return null;
      } catch (error) {
        const why =
          error instanceof Error && error.name === "QuotaExceededError"
            ? "has no room left to keep"
            : "could not keep";
        return `cache: the browser ${why} ${(bytes.length / 1e6).toFixed(1)} MB, so the next visit will load it again`;
      }
    },
    async keepOnly(sha256s) {
      const wanted = new Set([...sha256s].map(key));
      await attempt(async (cache) => {
        for (const {url} of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
      });
    }
  };
}
