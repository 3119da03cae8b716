import {planeReach, planeSize, sequenceNames} from "./attention-plane.js";
import type {Valued} from "./linked.js";
import {useStyles} from "./styles.js";

type Sequences = readonly (readonly (readonly [x: number, y: number])[])[];

const STEP = 0.05;
const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP]
};

const within = (x: number): number =>
  Math.round(100 * Math.min(planeReach - 0.05, Math.max(0.05 - planeReach, x))) / 100;

/**
 * Handles over the tokens of a chart of the plane, to be dragged, or moved with the arrow keys; the
 * value is where the tokens are. Puts itself over the chart.
 */
export function planeHandles(chart: HTMLElement, initial: Sequences): Valued<Sequences> {
  useStyles();
  const place = document.createElement("div");
  place.className = "w-plane";
  place.style.width = `${planeSize}px`;
  chart.replaceWith(place);
  const element = document.createElement("div");
  element.className = "w-handles";
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "Tokens, to be moved");
  place.append(chart, element);
  let value = initial;

  const put = (sequence: number, token: number, [x, y]: readonly [number, number]) => {
    const at = [within(x), within(y)] as const;
    value = value.map((tokens, i) =>
      i === sequence ? tokens.map((point, t) => (t === token ? at : point)) : tokens
    );
    draw();
    element.dispatchEvent(new Event("input", {bubbles: true}));
  };
  const handles = initial.map((tokens, sequence) =>
    tokens.map((_, token) => {
      const handle = document.createElement("button");
      handle.type = "button";
      handle.addEventListener("pointerdown", ({pointerId}) => handle.setPointerCapture(pointerId));
      handle.addEventListener("pointermove", ({pointerId, clientX, clientY}) => {
        if (!handle.hasPointerCapture(pointerId)) return;
        const {left, top, width, height} = element.getBoundingClientRect();
        put(sequence, token, [
          planeReach * ((2 * (clientX - left)) / width - 1),
          planeReach * (1 - (2 * (clientY - top)) / height)
        ]);
      });
      handle.addEventListener("keydown", (event) => {
        const move = moves[event.key];
        if (!move) return;
        event.preventDefault();
        const [x, y] = value[sequence][token];
        const far = event.shiftKey ? 4 : 1;
        put(sequence, token, [x + far * move[0], y + far * move[1]]);
      });
      element.append(handle);
      return handle;
    })
  );
  const draw = () => {
    for (const [sequence, tokens] of value.entries())
      for (const [token, [x, y]] of tokens.entries()) {
        const handle = handles[sequence][token];
        handle.style.left = `${50 * (1 + x / planeReach)}%`;
        handle.style.top = `${50 * (1 - y / planeReach)}%`;
        handle.setAttribute(
          "aria-label",
          `Token ${token + 1} of the ${sequenceNames[sequence]} sequence at ${x}, ${y}; arrow keys move it`
        );
      }
  };
  draw();
  return Object.defineProperty(element, "value", {
    get: () => value,
    set(next: unknown) {
      if (!isLike(next, initial)) return;
      value = next.map((tokens) => tokens.map(([x, y]) => [within(x), within(y)] as const));
      draw();
    }
  }) as HTMLElement as Valued<Sequences>;
}

/** True for as many sequences of as many points. */
function isLike(next: unknown, initial: Sequences): next is Sequences {
  const isPoint = (point: unknown) =>
    Array.isArray(point) && point.length === 2 && point.every((x) => Number.isFinite(x));
  return (
    Array.isArray(next) &&
    next.length === initial.length &&
    next.every(
      (tokens: unknown, i) =>
        Array.isArray(tokens) && tokens.length === initial[i].length && tokens.every(isPoint)
    )
  );
}
