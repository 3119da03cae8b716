import {existsSync} from "node:fs";
import {resolve} from "node:path";
import {it} from "vitest";

/** A path below `../shared`, the folder of models and tables made by others. */
export const shared = (path: string): string =>
  resolve(import.meta.dirname, "../../../shared", path);

/**
 * A test that reads `../shared/<path>`. Where that is missing it fails under CI, and on a plain clone
 * is skipped under a name that says what is missing.
 *
 * @param timeout Milliseconds; vitest's own when left out.
 */
export function itShared(
  path: string,
  name: string,
  body: () => void | Promise<void>,
  timeout?: number
): void {
  if (existsSync(shared(path))) it(name, body, timeout);
  else if (process.env.CI)
    it(name, () => {
      throw new Error(`${name}: ../shared/${path} must be there under CI, it is missing`);
    });
  else it.skip(`${name} (../shared/${path} is missing here)`);
}
