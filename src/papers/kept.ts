/** The same function, each result kept for the arguments it was made of, told apart as JSON. */
export function kept<Given extends readonly unknown[], T>(
  make: (...given: Given) => T
): (...given: Given) => T {
  const known = new Map<string, T>();
  return (...given) => {
    const key = JSON.stringify(given);
    if (!known.has(key)) known.set(key, make(...given));
    return known.get(key)!;
  };
}

/** A claim's value that is known at once. */
export const later = (value: () => number) => () => Promise.resolve(value());
