import {relative} from "node:path";
import type {Command} from "commander";
import {newProject, projectFiles} from "../site/project.js";

export function register(program: Command): void {
  program
    .command("new")
    .description("start a project of your own: three files that build into a site")
    .argument("<folder>", "not there yet, or empty")
    .option("--json", "print the folder and its files as JSON")
    .action(async (folder: string, {json = false}: {json?: boolean}) => {
      const stop = new AbortController();
      const onSignal = () => stop.abort(new Error("new: stopped, nothing was written"));
      process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
      const home = await newProject(folder, {signal: stop.signal}).catch((error: unknown) => {
        throw stop.signal.aborted ? stop.signal.reason : error;
      });
      if (json) console.log(JSON.stringify({folder: home, files: projectFiles}));
      else {
        const place = relative(process.cwd(), home);
        const enter = place === "" ? "" : `cd ${/\s/.test(place) ? `"${place}"` : place} && `;
        console.log(`${folder}: yours to edit are ${projectFiles.join(", ")}. Next:`);
        console.log(`  ${enter}npm install\n  npm start`);
      }
    });
}
