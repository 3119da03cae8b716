export function cacheFolder(): string;
export function unpackChromium(
  archives: readonly ("chromium" | "swiftshader" | "al2023" | "fonts")[]
): string;
