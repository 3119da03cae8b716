import {useStyles} from "./styles.js";

/** Lines to copy into a report, as wide as its place. */
export function reportBox(text: string): HTMLTextAreaElement {
  useStyles();
  const element = document.createElement("textarea");
  element.className = "w-copied";
  element.readOnly = true;
  element.rows = text.split("\n").length + 3;
  element.value = text;
  element.setAttribute("aria-label", "Report");
  return element;
}
