/** Taking one token in plain loops: what token-slice.ts is tested against. */
export interface Inputs {
  /** `[batch, tokens, width]` */
  readonly x: Float64Array;
}

export interface Options {
  readonly tokens: number;
  readonly width: number;
  readonly token: number;
}

export function forward({x}: Inputs, {tokens, width, token}: Options): Float64Array {
  const y = new Float64Array(x.length / tokens);
  for (let i = 0; i < y.length; i++) {
    const batch = Math.floor(i / width);
    y[i] = x[(batch * tokens + token) * width + (i % width)];
  }
  return y;
}

/** The gradient of x, for `dy` `[batch, 1, width]`: zero at every other token. */
export function backward(
  {dy}: {readonly dy: Float64Array},
  {tokens, width, token}: Options
): Float64Array {
  const dx = new Float64Array(dy.length * tokens);
  dy.forEach((v, i) => {
    dx[(Math.floor(i / width) * tokens + token) * width + (i % width)] = v;
  });
  return dx;
}
