import {spawn} from "node:child_process";
import {projectFolder} from "./packages.js";

/**
 * Packs the running package, a checkout or an installed one, with npm and without a network.
 *
 * @param folder where the tarball goes
 * @returns the tarball's name, such as `workings-0.1.0.tgz`
 */
export async function packPackage(folder: string, signal?: AbortSignal): Promise<string> {
  const {code, stdout, stderr} = await npm(
    ["pack", "--json", "--ignore-scripts", "--offline", "--pack-destination", folder],
    signal
  );
  const [packed] = code === 0 ? (JSON.parse(stdout) as {filename: string}[]) : [];
  if (packed) return packed.filename;
  const reason =
    /npm (?:error|ERR!) (?!code)(.*)/.exec(stderr)?.[1] ?? `it ended with code ${code}`;
  throw new Error(`new: npm pack must work in ${projectFolder}, ${reason}`);
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The npm that started this process if one did, else the one on the path. */
function npm(args: readonly string[], signal?: AbortSignal): Promise<Ended> {
  const script = process.env.npm_execpath ?? "";
  const options = {cwd: projectFolder, signal};
  const child = script.endsWith("npm-cli.js")
    ? spawn(process.execPath, [script, ...args], options)
    : process.platform === "win32"
      ? spawn(
          "npm.cmd",
          args.map((arg) => `"${arg}"`),
          {...options, shell: true}
        )
      : spawn("npm", args, options);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT"
          ? new Error("new: npm must be on the path, to pack this package for the project")
          : error
      )
    );
    child.once("close", (code) => resolve({code, stdout, stderr}));
  });
}
