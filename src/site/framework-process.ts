import {fork} from "node:child_process";
import type {ChildProcess} from "node:child_process";
import {fileURLToPath} from "node:url";

const maxStarts = 3;

/**
 * Runs Framework's preview in a process of its own, which is started again when it stops: after three
 * starts in a row that fail, it is left alone.
 */
export async function startFramework(port: number): Promise<{stop(): void}> {
  let isStopped = false;
  let child = await launch(port);
  const watch = () =>
    child.once("exit", (code, signal) => {
      // Ctrl-C reaches every process of a terminal
      if (isStopped || signal === "SIGINT" || signal === "SIGTERM") return;
      console.error(
        `preview: Framework stopped with ${signal ?? `code ${code}`}, starting it again`
      );
      void restart();
    });
  const restart = async () => {
    for (let starts = 0; starts < maxStarts && !isStopped; starts++) {
      try {
        child = await launch(port);
        if (isStopped) child.kill();
        return void watch();
      } catch (error) {
        console.error((error as Error).message);
      }
    }
    if (!isStopped)
      console.error("preview: Framework does not start, stop the preview and mend it");
  };
  watch();
  return {
    stop() {
      isStopped = true;
      child.kill();
    }
  };
}

function launch(port: number): Promise<ChildProcess> {
  const entry = fileURLToPath(new URL("./framework-preview.ts", import.meta.url));
  const child = fork(entry, [String(port)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: ["--import", import.meta.resolve("tsx")],
    env: {...process.env, OBSERVABLE_TELEMETRY_DISABLE: "true"}
  });
  return new Promise((resolve, reject) => {
    child.once("message", () => resolve(child));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`preview: Framework stopped with code ${code}`)));
  });
}
