import {resolve, sep} from "node:path";

/** VS Code's; other editors have their own, which `$EDITOR_URL` holds. */
const visualStudioCode = "vscode://file/{file}:{line}:{column}";

/**
 * Makes links that open a file in the author's editor.
 *
 * @param template an address with `{file}`, and with `{line}` and `{column}` where the editor reads them
 * @throws {Error} if the template has no `{file}`, or is no address of another program.
 */
export function editorLinks(
  template = visualStudioCode
): (file: string, line: number, column?: number) => string {
  if (!/^[a-z][a-z\d+.-]*:/i.test(template) || !template.includes("{file}"))
    throw new Error(
      `preview: $EDITOR_URL must be an address with {file} in it, such as ${visualStudioCode}, got ${template}`
    );
  if (/^(javascript|data|vbscript):/i.test(template))
    throw new Error(`preview: $EDITOR_URL must open an editor, got a script: ${template}`);
  return (file, line, column = 1) => {
    const path = resolve(file).split(sep).map(encodeURIComponent).join("/");
    // an absolute path brings its own slash, unless it starts with a drive
    return template
      .replace(/\/?\{file\}/, (place) =>
        place.startsWith("/") ? `/${path.replace(/^\//, "")}` : path
      )
      .replace("{line}", String(line))
      .replace("{column}", String(column));
  };
}
