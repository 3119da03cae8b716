import {expect} from "vitest";
import {featureAt} from "../../src/model/active-features.js";
import type {Backend, ForwardRequest} from "../../src/model/backend.js";
import type {ModelConfig} from "../../src/model/config.js";
import type {DictionaryRequest} from "../../src/model/dictionary-request.js";
import type {Dictionary} from "../../src/model/dictionary.js";
import type {GradientRequest} from "../../src/model/gradient-request.js";
import {ask} from "./ask.js";
import {expectSame} from "./backends.js";
import {resultFaults} from "./gradients.js";
import {F32} from "./numbers.js";
import {smallDictionaries} from "./small-dictionaries.js";

const TOKENS = [
  [3, 1, 4, 1, 5, 9],
  [2, 6, 5, 3, 5, 8]
];

/** A pass with every dictionary of a list spliced, with its error or without, and a feature of each changed. */
export const splicedRequest = (
  dictionaries: readonly Dictionary[],
  error: boolean
): ForwardRequest =>
  ask(TOKENS, {
    sites: dictionaries.map(({outputs}) => outputs[0].site),
    dictionaries: {
      dictionaries,
      splice: new Map(dictionaries.map(({name}) => [name, {error}])),
      edits: dictionaries.flatMap(({name}, i) => [
        {dictionary: name, feature: 5 + i, op: "replace", value: 1.5, pos: [-2]},
        {dictionary: name, feature: 9, op: "scale", value: -2},
        {dictionary: name, feature: 5 + i, op: "add", value: 0.25, batch: [1]}
      ])
    }
  });

/** The cases that backends are compared in: by what a test calls them. */
export const splicedCases = (config: ModelConfig): [string, ForwardRequest][] =>
  Object.entries(smallDictionaries(config)).flatMap(([name, dictionaries]) =>
    [false, true].map((error): [string, ForwardRequest] => [
      `${name}${error ? ", with the error" : ""}`,
      splicedRequest(dictionaries, error)
    ])
  );

/** Expects the same logits, activations and features of both. */
export async function expectSameSplice(
  backend: Backend,
  twin: Backend,
  request: ForwardRequest
): Promise<void> {
  const [actual, expected] = [await backend.forward(request), await twin.forward(request)];
  // Two layers' errors add up.
  expectSame(actual, expected, {ofRowMax: 4 * F32.ofRowMax, ofValue: 4 * F32.ofValue});
  expect([...actual.features!.keys()]).toEqual([...expected.features!.keys()]);
  for (const [name, found] of expected.features!) {
    const own = actual.features!.get(name)!;
    expect([...own.starts], name).toEqual([...found.starts]);
    expect([...own.indices], name).toEqual([...found.indices]);
    found.values.forEach((v, i) => expect(own.values[i]).toBeCloseTo(v, 4));
    expect(featureAt(own, own.indices[0], 0)).toBe(own.values[0]);
  }
}

/** A gradient through the same pass. */
export function splicedGradient(request: ForwardRequest, config: ModelConfig): GradientRequest {
  const {tokens, edits, dictionaries} = request;
  return {
    ...{tokens, edits, dictionaries},
    sites: ["blocks.0.hook_resid_pre", `blocks.${config.layers - 1}.hook_resid_mid`],
    of: {
      kind: "logits",
      pos: 5,
      weights: [
        [3, 1],
        [7, -1]
      ]
    },
    oneHot: false
  };
}

export async function expectSameSplicedGradient(
  backend: Backend,
  twin: Backend,
  request: GradientRequest
): Promise<void> {
  const [actual, expected] = [await backend.gradient(request), await twin.gradient(request)];
  expect(resultFaults(actual, expected)).toEqual([]);
}

/** The tokens that a prompt is continued with while dictionaries stand in and features are changed. */
export async function splicedContinuation(
  backend: Backend,
  prompt: readonly number[],
  request: ForwardRequest
): Promise<number[]> {
  const sampling = {count: 5, temperature: 0, topK: 0, seed: 0};
  const {dictionaries} = request;
  const ids: number[] = [];
  for await (const id of backend.decode(prompt, sampling, [], undefined, ofOne(dictionaries!)))
    ids.push(id);
  return ids;
}

/** The same without a cache: a whole pass for each token. */
export async function splicedPasses(
  backend: Backend,
  prompt: readonly number[],
  request: ForwardRequest
): Promise<number[]> {
  const ids = [...prompt];
  const {edits, ...rest} = ofOne(request.dictionaries!);
  const dictionaries = {
    ...rest,
    edits: edits.map((edit) => ({
      ...edit,
      ...(edit.pos && {pos: edit.pos.map((at) => (at < 0 ? at + prompt.length : at))})
    }))
  };
  for (let i = 0; i < 5; i++) {
    const {logits} = await backend.forward(ask([ids], {logits: "last", dictionaries}));
    ids.push(logits!.data.indexOf(Math.max(...logits!.data)));
  }
  return ids.slice(prompt.length);
}

const ofOne = (dictionaries: DictionaryRequest): DictionaryRequest => ({
  ...dictionaries,
  edits: dictionaries.edits.map(({batch: _, ...edit}) => ({...edit, value: 8 * edit.value}))
});
