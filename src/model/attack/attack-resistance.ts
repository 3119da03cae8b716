/**
 * Attack resistance χ: bits that the attacker controls for each bit of text that is forced (Fort, 2023).
 *
 * @param tokensPerActivation The slope of t_max on the number of controlled activations.
 */
export const attackResistance = ({
  dims,
  bits,
  tokensPerActivation,
  choices
}: {
  readonly dims: number;
  /** Of one number of an activation. */
  readonly bits: number;
  readonly tokensPerActivation: number;
  /** Among so many tokens one was drawn: log₂ of it is the bits of text. */
  readonly choices: number;
}): number => (dims * bits) / (tokensPerActivation * Math.log2(choices));
