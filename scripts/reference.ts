import {existsSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {allSites, siteAxes} from "../src/model/sites.js";
import type {ModelConfig} from "../src/model/config.js";
import {controlSchema, recordSchema, runSchema, type TableSchema} from "../src/tables/schema.js";

type Cells = readonly string[];

const table = (head: Cells, rows: readonly Cells[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const code = (text: string) => `\`${text}\``;

function activations(): string {
  const common: ModelConfig = {
    ...{layers: 1, width: 1, heads: 1, kvHeads: 1, headWidth: 1, hidden: 1, vocab: 1, context: 1},
    ...{norm: "layernorm", eps: 1e-5, mlp: "gelu", positions: "learned", ropeBase: 1e4}
  };
  const gpt2 = allSites(common);
  const rotary: ModelConfig = {...common, positions: "rope-half"};
  const parallel = allSites({...rotary, parallel: true});
  const llama = allSites({...rotary, norm: "rmsnorm", mlp: "silu-gate"});
  const qwen = allSites({...rotary, norm: "rmsnorm", mlp: "silu-gate", queryKeyNorm: true});
  const names = [qwen[0], "hook_pos_embed", ...qwen.slice(1)] as const;
  const kinds = [
    ["GPT-2, GPT-Neo", gpt2],
    ["GPT-NeoX", parallel],
    ["Llama, Mistral, Qwen 2", llama],
    ["Qwen 3", qwen]
  ] as const;
  const having = (name: string) => {
    const found = kinds.filter(([, sites]) => (sites as readonly string[]).includes(name));
    return found.length === kinds.length ? "all" : found.map(([kind]) => kind).join(", ");
  };
  return table(
    ["name", "axes", "models"],
    names.map((site) => [
      code(site.replace("blocks.0", "blocks.*")),
      siteAxes(site).join(", "),
      having(site)
    ])
  );
}

const tables = (schema: Readonly<Record<string, TableSchema>>): string =>
  Object.entries(schema)
    .map(([name, {about, columns}]) => {
      const rows = columns.map((c) => [code(c.name), c.type, c.unit, c.about]);
      return `### ${name}\n\n${about[0].toUpperCase()}${about.slice(1)}.\n\n${table(["column", "type", "unit", "meaning"], rows)}`;
    })
    .join("\n\n");

/** The first sentence of the comment above a kernel's `forward`. */
function kernelSentence(source: string): string | undefined {
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (?:async )?function \w+\(/.exec(
    source
  )?.[1];
  const text = comment?.replaceAll(/\n\s*\* ?/g, " ").split(/ @\w+| \s*$/)[0];
  return text?.trim().replace(/\s+/g, " ").replaceAll("|", "\\|");
}

function kernels(): string {
  const folder = "src/kernels";
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".cpu.ts"))
    .map((file) => file.slice(0, -".cpu.ts".length))
    .filter((name) => existsSync(join(folder, `${name}.ts`)));
  const rows = names.flatMap((name) => {
    const sentence = kernelSentence(readFileSync(join(folder, `${name}.ts`), "utf8"));
    return sentence === undefined ? [] : [[code(name), sentence]];
  });
  return table(["kernel", "what it computes"], rows);
}

const parts: Readonly<Record<string, () => string>> = {
  activations,
  kernels,
  tables: () => tables(runSchema),
  recording: () => tables(recordSchema),
  control: () => tables(controlSchema)
};

/** A page of the reference with its generated parts as the code now has them. */
export const withReference = (page: string): string =>
  page.replaceAll(
    /(<!-- reference: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, start: string, name: string, end: string) => `${start}\n${parts[name]()}\n\n${end}`
  );

export const referencePages = ["activations", "tables", "kernels"].map(
  (name) => `docs/reference/${name}.md`
);

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const path of referencePages) writeFileSync(path, withReference(readFileSync(path, "utf8")));
