import axe from "axe-core";
import type {Page} from "../../../src/site/chromium.js";

/** What axe finds serious or critical in a page as it is now, a line each with where it is. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const {axe: engine} = window as unknown as {axe: typeof axe};
    const {violations} = await engine.run(document, {resultTypes: ["violations"]});
    return violations
      .filter(({impact}) => impact === "serious" || impact === "critical")
      .flatMap(({id, nodes}) =>
        nodes.map(({target, any}) => `${id}: ${target.join(" ")} ${any[0]?.message ?? ""}`)
      );
  });
}

/** How many pixels a page is wider than the screen: above 0, it scrolls sideways. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const controls =
  "a[href], button, input:not([type=hidden]), select, textarea, details > summary, iframe, [tabindex='0'], [role=button], [role=radio]";

/** The controls of a page that Tab does not reach, as HTML; of radio buttons, one of a group will do. */
export async function unreachable(page: Page): Promise<string[]> {
  const count = await page.evaluate((controls) => {
    const reached = new Set<EventTarget>();
    document.addEventListener("focusin", ({target}) => reached.add(target!), {capture: true});
    Object.assign(window, {reached});
    (document.activeElement as HTMLElement | null)?.blur();
    return document.querySelectorAll(controls).length;
  }, controls);
  for (let i = 0; i < count + 10; i++) await page.keyboard.press("Tab");
  return page.evaluate((controls) => {
    const {reached} = window as unknown as {reached: ReadonlySet<EventTarget>};
    const groupOf = (control: Element) =>
      control.closest("[role=radiogroup]") ??
      (control.matches("[type=radio]") ? control.closest("form") : control);
    const groups = new Set(Array.from(reached, (control) => groupOf(control as Element)));
    return Array.from(document.querySelectorAll<HTMLInputElement>(controls))
      .filter((control) => control.checkVisibility({visibilityProperty: true}) && !control.disabled)
      .filter((control) => control.getClientRects().length > 0 && !groups.has(groupOf(control)))
      .map((control) => control.outerHTML.slice(0, 160));
  }, controls);
}
