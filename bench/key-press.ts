import type {Page} from "../src/site/chromium.js";

/**
 * Types a prompt over and over, one change at a time, and takes the time from each change to the
 * first change of the page's first figure.
 *
 * @param page See inside, its model open.
 * @returns Milliseconds, one a press, three warm-ups left out.
 */
export function timeKeyPresses(page: Page, prompt: string, presses: number): Promise<number[]> {
  return page.evaluate(
    async ({prompt, presses}) => {
      const input = document.querySelector<HTMLInputElement>("main input[type=text]")!;
      const chart = document.querySelector(".w-figure:not([hidden]) .w-chart")!;
      const taken: number[] = [];
      for (let i = 0; i < presses + 3; i++) {
        const moved = new Promise<void>((resolve) => {
          const observer = new MutationObserver(() => {
            observer.disconnect();
            resolve();
          });
          observer.observe(chart, {subtree: true, childList: true, attributes: true});
        });
        const pressed = performance.now();
        input.value = prompt + (i % 2 === 0 ? "" : "4");
        input.dispatchEvent(new Event("input", {bubbles: true}));
        await moved;
        taken.push(performance.now() - pressed);
        await new Promise((resolve) => setTimeout(resolve, 400));
      }
      return taken.slice(3);
    },
    {prompt, presses}
  );
}

/** The value below which a share `q` of the others lies. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}
