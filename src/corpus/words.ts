/** Word lists shared by the generator and the tokenizer, which keeps most of them whole. */
export const days = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday"
] as const;

export const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December"
] as const;

export const numberWords = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
  "thirteen",
  "fourteen",
  "fifteen",
  "sixteen",
  "seventeen",
  "eighteen",
  "nineteen",
  "twenty"
] as const;

export const largeNumberWords = [
  "thirty",
  "forty",
  "fifty",
  "sixty",
  "seventy",
  "eighty",
  "ninety",
  "hundred",
  "thousand"
] as const;

export const ordinals = [
  "first",
  "second",
  "third",
  "fourth",
  "fifth",
  "sixth",
  "seventh",
  "eighth",
  "ninth",
  "tenth",
  "eleventh",
  "twelfth",
  "thirteenth",
  "fourteenth",
  "fifteenth",
  "sixteenth",
  "seventeenth",
  "eighteenth",
  "nineteenth",
  "twentieth"
] as const;

export const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"] as const;

export const women = [
  "Mary",
  "Sarah",
  "Anna",
  "Emma",
  "Lucy",
  "Alice",
  "Jane",
  "Ruth",
  "Rose",
  "Kate",
  "Amy",
  "Clara",
  "Ella",
  "Grace",
  "Helen",
  "Laura"
] as const;

export const men = [
  "John",
  "Tom",
  "James",
  "Daniel",
  "Paul",
  "Mark",
  "Peter",
  "David",
  "Jack",
  "Sam",
  "Ben",
  "Max",
  "Leo",
  "Adam",
  "Henry",
  "George"
] as const;

export const objects = [
  "ball",
  "key",
  "book",
  "cup",
  "hat",
  "coin",
  "ring",
  "apple",
  "lamp",
  "doll",
  "map",
  "pen",
  "letter",
  "watch",
  "knife",
  "shoe",
  "bell",
  "stone"
] as const;

export const containers = [
  "box",
  "basket",
  "drawer",
  "bag",
  "chest",
  "cupboard",
  "bucket",
  "jar",
  "sack",
  "case"
] as const;

export const rooms = [
  "kitchen",
  "garden",
  "garage",
  "bedroom",
  "hall",
  "office",
  "attic",
  "cellar",
  "library",
  "barn"
] as const;

export const places = [
  "store",
  "park",
  "school",
  "market",
  "beach",
  "station",
  "church",
  "museum",
  "farm",
  "river",
  "hospital",
  "restaurant"
] as const;

export const colours = [
  "red",
  "blue",
  "green",
  "yellow",
  "black",
  "white",
  "brown",
  "grey",
  "orange",
  "purple"
] as const;

export const animals = [
  "dog",
  "cat",
  "horse",
  "cow",
  "sheep",
  "goat",
  "bird",
  "fish",
  "lion",
  "bear",
  "wolf",
  "fox"
] as const;

/** Words that the tokenizer must hold whole, with and without a leading space. */
export const wholeWords: readonly string[] = [
  ...days,
  ...months,
  ...numberWords,
  ...largeNumberWords,
  ...ordinals
];

/** Words that the tokenizer must hold whole after a space, so that a task's answer is one token. */
export const wholeAfterSpace: readonly string[] = [
  ...women,
  ...men,
  ...letters,
  ...objects,
  ...containers,
  ...rooms,
  ...places,
  ...colours,
  ...animals
];
