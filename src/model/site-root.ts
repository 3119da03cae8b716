/**
 * The address of the site's root folder, with a slash at the end, wherever a host has put it: the
 * place of `data/manifest.json`. Right in pages and in Workers, in a build and in a preview.
 *
 * @throws {Error} outside a site, where there is no root.
 */
export function siteRoot(module = import.meta.url): URL {
  const at = module.lastIndexOf("/_import/src/");
  if (at < 0) throw new Error(`siteRoot: module must be part of a site, got ${module}`);
  return new URL(module.slice(0, at + 1));
}
