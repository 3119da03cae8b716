import {useStyles} from "./styles.js";

/** A generated text of a task family, with what is true of each of its sentences. */
export interface FamilyExample {
  readonly task: string;
  readonly sentences: readonly {
    readonly text: string;
    readonly labels: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  }[];
  /** What stands between two sentences. */
  readonly joint: string;
}

/** One example of each family: its text, and on opening the labels of each sentence. */
export function familyExamples(
  examples: readonly FamilyExample[],
  note: (task: string) => string
): HTMLElement {
  useStyles();
  const list = document.createElement("dl");
  list.className = "w-families";
  list.append(...examples.flatMap((example) => [term(example, note), meaning(example)]));
  return list;
}

function term({task}: FamilyExample, note: (task: string) => string): HTMLElement {
  const element = document.createElement("dt");
  const [name, amount] = [document.createElement("b"), document.createElement("small")];
  name.textContent = task;
  amount.textContent = note(task);
  element.append(name, amount);
  return element;
}

function meaning({sentences, joint}: FamilyExample): HTMLElement {
  const element = document.createElement("dd");
  const text = document.createElement("p");
  text.textContent = sentences.map((sentence) => sentence.text).join(joint);
  const labels = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "labels";
  const table = document.createElement("table");
  for (const sentence of sentences) {
    const row = table.insertRow();
    row.insertCell().textContent = sentence.text;
    row.insertCell().textContent = labelText(sentence.labels);
  }
  labels.append(summary, table);
  element.append(text, labels);
  return element;
}

/** Labels in words: `who: Mary, Tom · act: open`; empty ones are left out. */
export const labelText = (labels: FamilyExample["sentences"][number]["labels"]): string =>
  Object.entries(labels)
    .map(([name, value]) => [name, typeof value === "object" ? value.join(", ") : String(value)])
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${value}`)
    .join(" · ");
