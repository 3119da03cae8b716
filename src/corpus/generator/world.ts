import {seeded} from "../random.js";
import {animals, colours, men, objects, women} from "../words.js";

/** An invented country; the same everywhere, so that a model can learn it by heart. */
export interface Country {
  readonly name: string;
  readonly capital: string;
  readonly colour: string;
  readonly animal: string;
}

/** An invented person, who comes from an invented country and made an invented thing. */
export interface Person {
  readonly name: string;
  readonly country: string;
  readonly made: string;
  readonly pronoun: "she" | "he";
}

const random = seeded(1743);
const starts = [
  "Bra",
  "Cor",
  "Del",
  "Fen",
  "Gal",
  "Hol",
  "Kar",
  "Lor",
  "Mar",
  "Nor",
  "Pel",
  "Ros",
  "Sel",
  "Tor",
  "Val",
  "Wen"
];
const countryEnds = ["dia", "land", "nia", "mark", "via"];
const cityEnds = ["ton", "burg", "ford", "port", "ville"];
const families = [
  "Hill",
  "Stone",
  "Brook",
  "Field",
  "Wood",
  "Lake",
  "Marsh",
  "Wells",
  "Banks",
  "Rivers"
];

const names = (ends: readonly string[], count: number): string[] =>
  random.sample(
    starts.flatMap((start) => ends.map((end) => start + end)),
    count
  );

const capitals = names(cityEnds, 40);

export const countries: readonly Country[] = names(countryEnds, 40).map((name, i) => ({
  name,
  capital: capitals[i],
  colour: random.pick(colours),
  animal: random.pick(animals)
}));

const things = random.sample(
  ["silver", "glass", "paper", "iron", "golden", "wooden"].flatMap((kind) =>
    objects.map((object) => `${kind} ${object}`)
  ),
  60
);

export const people: readonly Person[] = random
  .sample(
    [...women, ...men].flatMap((first) => families.map((family) => `${first} ${family}`)),
    60
  )
  .map((name, i) => ({
    name,
    country: random.pick(countries).name,
    made: things[i],
    pronoun: women.some((woman) => name.startsWith(`${woman} `)) ? "she" : "he"
  }));
