import {join} from "node:path";
import type {Config} from "@observablehq/framework/dist/config.js";
import {authorCode} from "./check/author-code.js";
import {isNode, templateText, walk} from "./check/syntax.js";
import type {SyntaxNode} from "./check/syntax.js";
import {siteData} from "./data.js";
import type {SiteData} from "./data.js";
import {isOwnProject, projectFolder} from "./packages.js";

/** The models and dictionaries of a folder's `data`; in a project of one's own, those of the package too. */
export function availableData(folder = process.cwd()): SiteData {
  const own = siteData(join(folder, "data"));
  if (!isOwnProject(folder)) return own;
  const shipped = siteData(join(projectFolder, "data"));
  return {
    manifest: {
      models: {...shipped.manifest.models, ...own.manifest.models},
      dictionaries: {...shipped.manifest.dictionaries, ...own.manifest.dictionaries},
      features: {...shipped.manifest.features, ...own.manifest.features}
    },
    sources: new Map([...shipped.sources, ...own.sources])
  };
}

/**
 * What a build copies. In a project of one's own that is the models and dictionaries whose names stand
 * in quotes in its pages or their modules (`house-3m/mlp*tc` names several), of the models'
 * checkpoints those that are named (`house-1m@step-16`), and recordings as `features/house-3m`.
 */
export function shippedData(site: Config, folder = process.cwd()): SiteData {
  const {manifest, sources} = availableData(folder);
  if (!isOwnProject(folder)) return {manifest, sources};
  const texts = new Set<string>();
  for (const {program} of authorCode(site)) for (const text of quoted(program)) texts.add(text);
  const named = (model: string, file: string): boolean => {
    const step = /^checkpoints\/(.*)\.safetensors$/.exec(file)?.[1];
    const at = `${model}@`;
    if (step !== undefined) return texts.has(at) || texts.has(at + step);
    return [...texts].some((text) => text === model || text.startsWith(at));
  };
  const models = Object.fromEntries(
    Object.entries(manifest.models)
      .map(([model, {files}]) => {
        const kept = Object.entries(files).filter(([file]) => named(model, file));
        return [model, {files: Object.fromEntries(kept)}] as const;
      })
      .filter(([, {files}]) => Object.keys(files).length > 0)
  );
  const dictionaries = Object.fromEntries(
    Object.entries(manifest.dictionaries).filter(([name]) =>
      [...texts].some((text) => text.includes("/") && name.startsWith(text.split("*", 1)[0]))
    )
  );
  const features = Object.fromEntries(
    Object.entries(manifest.features).filter(([name]) => texts.has(`features/${name}`))
  );
  const urls = [models, dictionaries, features]
    .flatMap((folders) => Object.values(folders))
    .flatMap(({files}) => Object.values(files).map((f) => f.url));
  const kept = urls.map((url) => [url, sources.get(url)!] as const);
  return {manifest: {models, dictionaries, features}, sources: new Map(kept)};
}

/** Every string of a program, and every part of a template. */
function quoted(program: SyntaxNode): string[] {
  const texts: string[] = [];
  walk(program, (node) => {
    if (!isNode(node)) return;
    if (node.type === "Literal" && typeof node.value === "string") texts.push(node.value);
    if (node.type === "TemplateLiteral") texts.push(...templateText(node));
  });
  return texts;
}
