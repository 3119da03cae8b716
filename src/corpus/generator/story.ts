import {colours, containers, days, men, months, objects, rooms, women} from "../words.js";
import type {Random} from "../random.js";
import type {Family, Labels, Sentence} from "./example.js";
import {articles, fill, templatesOf} from "./example.js";

/** What is true at one moment of a story. */
interface World {
  readonly people: readonly string[];
  readonly rooms: Map<string, string>;
  /** Object → container, or null while somebody holds it. */
  readonly where: Map<string, string | null>;
}

const openings = [
  "One day {a} and {b} were in the {room}.",
  "One morning {a} and {b} came into the {room}.",
  "On {day} {a} and {b} played in the {room}.",
  "It was {month}, and {a} and {b} were in the {room}.",
  "{a} and {b} lived in a small house. They liked the {room}.",
  "Last {day} {a} met {b} in the {room}.",
  "{a} and {b} sat in the {room} on a cold {day}.",
  "It was a warm {day} in {month}. {a} was in the {room} with {b}."
];

const moods = [
  "{She} was happy.",
  "{She} was tired.",
  "{She} smiled.",
  "{She} sang a song.",
  '"What a fine day," {she} said.',
  "{She} looked out of the window.",
  "{b} laughed.",
  "{b} told {her} a story."
];

const puts = ["put", "hid", "left", "placed"];

const endings = [
  "The {object} was in the {box}.",
  '{a} asked, "Where is the {object}?" {b} said, "The {object} is in the {box}."',
  "{a} looked for the {object} and found it in the {box}.",
  "In the evening the {object} was still in the {box}.",
  '{b} wanted the {object}. {a} said, "The {object} is in the {box}."',
  "So at the end of the day the {object} was in the {box}.",
  "The next day {b} came back and found the {object} in the {box}."
];

/**
 * A short story in which two people put objects into containers, move them, and at the end say
 * where they are. Two openings, two endings and the pairing of every object with one of the
 * containers as its last place are kept for evaluation.
 */
export const story: Family = (random, split) => {
  const people = random.sample([...women, ...men], 2);
  const world: World = {people, rooms: new Map(), where: new Map()};
  const room = random.pick(rooms);
  for (const person of people) world.rooms.set(person, room);
  const opening = fill(random.pick(templatesOf(openings, split, 2)), {
    a: people[0],
    b: people[1],
    room,
    day: random.pick(days),
    month: random.pick(months)
  });
  const sentences: Sentence[] = [{text: opening, labels: labelsOf(world, people, "open")}];
  const boxes = random.sample(containers, 3);
  const things = random.sample(objects, random.between(1, 2));
  for (const thing of things) sentences.push(introduce(random, world, thing, random.pick(boxes)));
  for (let turn = random.between(2, 4); turn > 0; turn--) {
    sentences.push(random.chance(0.65) ? move(random, world, boxes) : stir(random, world));
  }
  const asked = random.sample(things, random.between(1, things.length));
  for (const thing of asked)
    if (world.where.get(thing) === null) sentences.push(putBack(random, world, thing, boxes));
  for (const thing of asked) {
    const ending = fill(random.pick(templatesOf(endings, split, 2)), {
      a: people[0],
      b: people[1],
      object: thing,
      box: world.where.get(thing)!
    });
    sentences.push({text: ending, labels: labelsOf(world, people, "end", thing)});
  }
  const probe = probeOf(sentences, asked.at(-1)!, world, boxes);
  return {task: "story", sentences, joint: " ", probe};
};

function probeOf(
  sentences: readonly Sentence[],
  thing: string,
  world: World,
  boxes: readonly string[]
): {prompt: string; answer: string; wrong: string[]} {
  const text = sentences.map((sentence) => sentence.text).join(" ");
  const box = world.where.get(thing)!;
  return {
    prompt: text.slice(0, text.lastIndexOf(` ${box}`)),
    answer: ` ${box}`,
    wrong: boxes.filter((other) => other !== box).map((other) => ` ${other}`)
  };
}

function labelsOf(world: World, who: readonly string[], act: string, object = ""): Labels {
  return {
    who,
    act,
    object,
    room: world.rooms.get(who[0])!,
    now: [...world.where].map(([thing, box]) => `${thing}: ${box ?? "held"}`)
  };
}

function introduce(random: Random, world: World, thing: string, box: string): Sentence {
  world.where.set(thing, box);
  const a = random.pick(world.people);
  const text = articles(
    random.pick([
      `There was a ${random.pick(colours)} ${thing} in the ${box}.`,
      `The ${thing} was in the ${box}.`,
      `${a} ${random.pick(puts)} the ${thing} in the ${box}.`,
      `${a} had a ${thing}. ${subject(a)} put it in the ${box}.`
    ])
  );
  return {text, labels: labelsOf(world, [a], "put", thing)};
}

function move(random: Random, world: World, boxes: readonly string[]): Sentence {
  const thing = random.pick([...world.where.keys()]);
  const from = world.where.get(thing);
  const a = random.pick(world.people);
  if (from === null || from === undefined) return putBack(random, world, thing, boxes);
  if (random.chance(0.25)) {
    world.where.set(thing, null);
    return {
      text: `${a} took the ${thing} from the ${from}.`,
      labels: labelsOf(world, [a], "take", thing)
    };
  }
  const to = random.pick(boxes.filter((box) => box !== from));
  world.where.set(thing, to);
  const text = random.pick([
    `${a} took the ${thing} out of the ${from} and ${random.pick(puts)} it in the ${to}.`,
    `${a} moved the ${thing} from the ${from} to the ${to}.`,
    `Then ${a} ${random.pick(puts)} the ${thing} in the ${to}.`,
    `${a} did not want the ${thing} in the ${from}. ${subject(a)} ${random.pick(puts)} it in the ${to}.`
  ]);
  return {text, labels: labelsOf(world, [a], "move", thing)};
}

function putBack(random: Random, world: World, thing: string, boxes: readonly string[]): Sentence {
  const to = random.pick(boxes);
  const a = random.pick(world.people);
  world.where.set(thing, to);
  return {
    text: `${a} ${random.pick(puts)} the ${thing} in the ${to}.`,
    labels: labelsOf(world, [a], "put", thing)
  };
}

/** Something that leaves every object where it is. */
function stir(random: Random, world: World): Sentence {
  const [a, b] = random.sample(world.people, 2);
  if (random.chance(0.5)) {
    const room = random.pick(rooms);
    world.rooms.set(a, room);
    return {text: `${a} went to the ${room}.`, labels: labelsOf(world, [a], "go")};
  }
  const mood = fill(random.pick(moods), {
    She: subject(a),
    she: subject(a).toLowerCase(),
    her: subject(a) === "She" ? "her" : "him",
    b
  });
  const text = mood.startsWith(b) ? `${a} sat down. ${mood}` : `${a} stopped for a while. ${mood}`;
  return {text, labels: labelsOf(world, [a, b], "rest")};
}

function subject(person: string): "She" | "He" {
  return women.some((woman) => woman === person) ? "She" : "He";
}
