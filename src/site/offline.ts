/**
 * Makes every `fetch` of this process to another machine fail with one sentence: Framework would
 * otherwise download a package that the seeded cache lacks.
 */
export function forbidNetwork(): void {
  const {fetch} = globalThis;
  if (fetch.name === "offlineFetch") return;
  globalThis.fetch = function offlineFetch(request, init) {
    const address = request instanceof Request ? request.url : String(request);
    if (/^(data|blob):|^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(address))
      return fetch(request, init);
    return Promise.reject(
      new Error(`build: every package must come from node_modules, got a request to ${address}`)
    );
  };
}
