import {existsSync, readFileSync} from "node:fs";

// Adds vitest's report to the last line of `workings verify`. A part that left no count has failed.
const [tests, verify] = process.argv.slice(2);

function countTests(file) {
  if (!existsSync(file)) return [0, 1, 0];
  const report = JSON.parse(readFileSync(file, "utf8"));
  const broken = report.testResults.filter(
    ({status, assertionResults}) => status === "failed" && assertionResults.length === 0
  );
  return [
    report.numPassedTests,
    report.numFailedTests + broken.length,
    report.numPendingTests + report.numTodoTests
  ];
}

function countClaims(file) {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const line = text.trimEnd().split("\n").at(-1);
  const counts = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(line);
  return counts === null ? [0, 1, 0] : counts.slice(1).map(Number);
}

const claims = countClaims(verify);
const [passed, failed, skipped] = countTests(tests).map((count, i) => count + claims[i]);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
if (failed > 0 || passed === 0) process.exitCode = 1;
