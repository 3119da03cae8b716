import {type Checkpoint, loadModel} from "../../model/checkpoint.js";
import type {Environment} from "../environment.js";

export const slug = "house-models";

/** The house models, the smallest first. */
export const HOUSE = ["house-300k", "house-1m", "house-3m"] as const;
export type House = (typeof HOUSE)[number];

export const LADDER = [
  "ladder-25k",
  "ladder-55k",
  "ladder-150k",
  "ladder-330k",
  "ladder-790k",
  "ladder-1500k",
  "ladder-2700k"
] as const;

/** Loads each house model once. */
export function houseModels(environment: Environment): (name: House) => Promise<Checkpoint> {
  const loaded = new Map<House, Promise<Checkpoint>>();
  return (name) => {
    const model = loaded.get(name) ?? loadModel(environment.shipped(name));
    loaded.set(name, model);
    return model;
  };
}

/** A stored JSON file of our own, by its path in `data`. */
export async function storedJson<T>(environment: Environment, path: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await environment.stored(path))) as T;
}

export const mean = (list: readonly number[]): number =>
  list.reduce((sum, value) => sum + value, 0) / list.length;
