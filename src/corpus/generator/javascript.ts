import {animals, colours, objects} from "../words.js";
import type {Random} from "../random.js";
import type {Example, Family, Split} from "./example.js";
import {capital} from "./example.js";
import {hash} from "../random.js";

type Snippet = (random: Random) => {lines: string[]; answer: string};

const names = ["total", "count", "size", "price", "age", "score", "width", "height"] as const;

const snippets: readonly Snippet[] = [
  (random) => {
    const name = random.pick(names);
    const [a, b] = [random.int(20), random.int(20)];
    return {
      lines: [`const ${name} = ${a} + ${b};`, `console.log(${name});`, `// ${a + b}`],
      answer: `${a + b}`
    };
  },
  (random) => {
    const [a, b] = [random.between(1, 9), random.between(1, 9)];
    const name = random.pick(["add", "plus", "sum"]);
    return {
      lines: [
        `function ${name}(a, b) {`,
        "  return a + b;",
        "}",
        `${name}(${a}, ${b});`,
        `// ${a + b}`
      ],
      answer: `${a + b}`
    };
  },
  (random) => {
    const list = random.sample(random.pick([animals, colours, objects]), random.between(3, 4));
    const at = random.int(list.length);
    const quoted = list.map((item) => `"${item}"`).join(", ");
    return {
      lines: [`const list = [${quoted}];`, `list[${at}];`, `// "${list[at]}"`],
      answer: `${list[at]}"`
    };
  },
  (random) => {
    const [key, other] = random.sample(objects, 2);
    const [value, second] = [random.int(100), random.int(100)];
    return {
      lines: [
        `const stock = {${key}: ${value}, ${other}: ${second}};`,
        `stock.${key};`,
        `// ${value}`
      ],
      answer: `${value}`
    };
  },
  (random) => {
    const limit = random.between(2, 6);
    const name = random.pick(names);
    return {
      lines: [
        `let ${name} = 0;`,
        `for (let i = 0; i < ${limit}; i++) {`,
        `  ${name} += 1;`,
        "}",
        `console.log(${name});`,
        `// ${limit}`
      ],
      answer: `${limit}`
    };
  },
  (random) => {
    const [a, b] = [random.int(50), random.int(50)];
    const word = random.pick(objects);
    const name = `has${capital(word)}`;
    return {
      lines: [
        `const ${name} = ${a} > ${b};`,
        `if (${name}) {`,
        `  console.log("${word}");`,
        "}",
        `// ${a > b}`
      ],
      answer: `${a > b}`
    };
  }
];

/** Simple JavaScript with its result in a comment; one program in ten is kept for evaluation. */
export const javascript: Family = (random, split) => {
  const {lines, answer} = draw(random, split);
  const text = lines.join("\n");
  return {
    task: "javascript",
    sentences: lines.map((line, i) => ({
      text: line,
      labels: {language: "javascript", line: i, result: answer}
    })),
    joint: "\n",
    probe: {prompt: text.slice(0, text.length - answer.length), answer, wrong: []}
  } satisfies Example;
};

function draw(random: Random, split: Split): ReturnType<Snippet> {
  for (;;) {
    const program = random.pick(snippets)(random);
    if ((hash(program.lines.join("\n")) % 10 === 0) === (split === "heldout")) return program;
  }
}
