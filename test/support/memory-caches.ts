/** A CacheStorage in memory that keeps at most `room` bytes. */
export function memoryCaches(room = Infinity): CacheStorage {
  const stores = new Map<string, Map<string, Uint8Array<ArrayBuffer>>>();
  const used = () =>
    [...stores.values()]
      .flatMap((of) => [...of.values()])
      .reduce((n, bytes) => n + bytes.length, 0);
  const urlOf = (request: RequestInfo | URL): string =>
    typeof request === "string" ? request : request instanceof URL ? request.href : request.url;
  const open = (name: string): Partial<Cache> => {
    const store = stores.get(name) ?? new Map<string, Uint8Array<ArrayBuffer>>();
    stores.set(name, store);
    return {
      match: (request) => {
        const bytes = store.get(urlOf(request));
        return Promise.resolve(bytes && new Response(bytes));
      },
      async put(request, response) {
        const bytes = new Uint8Array(await response.arrayBuffer());
        if (used() + bytes.length > room) throw new DOMException("full", "QuotaExceededError");
        store.set(urlOf(request), bytes);
      },
      delete: (request) => Promise.resolve(store.delete(urlOf(request))),
      keys: () => Promise.resolve([...store.keys()].map((url) => new Request(url)))
    };
  };
  const storage: Partial<CacheStorage> = {
    open: (name) => Promise.resolve(open(name) as Cache),
    keys: () => Promise.resolve([...stores.keys()])
  };
  return storage as CacheStorage;
}
