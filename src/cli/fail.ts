/**
 * Ends a verb that could not do what was asked: one line on standard error, exit code 1. The stack
 * is printed only when `WORKINGS_TRACE` is set.
 */
export function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  console.error(
    process.env.WORKINGS_TRACE && error instanceof Error ? error.stack : oneLine(message)
  );
  process.exitCode = 1;
}

const oneLine = (text: string): string => text.split("\n", 1)[0];
