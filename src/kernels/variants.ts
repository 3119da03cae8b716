import type {Kernel} from "../gpu/kernel.js";

/** The variants of a kernel: each is built when it is first asked for, and then kept. */
export function variants<Options extends readonly (number | string)[]>(
  build: (...options: Options) => Kernel
): (...options: Options) => Kernel {
  const built = new Map<string, Kernel>();
  return (...options) => {
    const key = options.join(" ");
    const kernel = built.get(key) ?? build(...options);
    built.set(key, kernel);
    return kernel;
  };
}
