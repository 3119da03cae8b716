import type {Command} from "commander";
import {checkSite} from "../site/check/check.js";
import {formatProblem} from "../site/check/problem.js";
import type {Problem} from "../site/check/problem.js";

export function register(program: Command): void {
  program
    .command("check")
    .description("read every page and module for what would break; with --open, in a browser too")
    .argument("[pages...]", "with --open: pages such as /guide/deploying; every page if none")
    .option("--open", "build the site and open its pages in Chromium")
    .option("--json", "print the problems as JSON")
    .action(
      async (pages: string[], {open = false, json = false}: {open?: boolean; json?: boolean}) => {
        if (pages.length > 0 && !open)
          throw new Error("check: pages can be named with --open only, without it all are read");
        const problems = await checkSite();
        if (problems.length > 0 || !open) return reportProblems(problems, json);
        const {buildSite} = await import("../site/build.js");
        const {openSite} = await import("../site/open.js");
        const {output} = await buildSite();
        reportProblems(await openSite(output, pages), json);
      }
    );
}

export function reportProblems(problems: readonly Problem[], json: boolean): void {
  if (json) console.log(JSON.stringify(problems));
  else for (const problem of problems) console.error(formatProblem(problem));
  if (problems.length > 0) process.exitCode = 1;
  if (json) return;
  const count = problems.length === 1 ? "1 problem" : `${problems.length || "no"} problems`;
  console.error(count);
}
