/**
 * Makes every `fetch` of this process fail with one sentence: Framework would otherwise download a
 * package that the seeded cache lacks.
 */
export function forbidNetwork(): void {
  globalThis.fetch = (request) => {
    const address = request instanceof Request ? request.url : String(request);
    return Promise.reject(
      new Error(`build: every package must come from node_modules, got a request to ${address}`)
    );
  };
}
