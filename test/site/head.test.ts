import {expect, it} from "vitest";
import {finishHtml} from "../../src/site/head.js";

const page = `<!DOCTYPE html>
<html>
<body>
<nav id="observablehq-sidebar"></nav>
<main id="observablehq-main" class="observablehq">
<p>Text</p>
</main>
</body>
</html>`;

it("a page begins with a link to its content, which takes the focus", () => {
  const html = finishHtml(page);
  expect(html).toMatch(/<body>\n<a id="workings-skip" href="#observablehq-main">[^<]+<\/a>\n<nav/);
  expect(html).toContain('<main id="observablehq-main" tabindex="-1" class="observablehq">');
  expect(finishHtml(html.replace(/<a id.*?<\/a>\n/, ""))).toBe(html);
});
it("what is no page gets no link", () => {
  expect(finishHtml("<body></body>")).toBe("<body></body>");
});
