import {keyOf, philox, unitInterval} from "./philox.js";

/** Independent standard normal values, the same for a seed everywhere (Box and Muller, 1958). */
export function normals(seed: number): () => number {
  const key = keyOf(seed);
  let index = 0;
  return () => {
    const [a, b] = philox([index++, 0, 0, 0], key).map(unitInterval);
    return Math.sqrt(-2 * Math.log(a)) * Math.cos(2 * Math.PI * b);
  };
}
