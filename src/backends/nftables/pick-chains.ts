/**
 * Chains that pick one of the slots of a set at random.
 *
 * A draw is below the class's size; the last slots of the class may not exist. A draw that hits none is drawn again, so
 * that each existing slot stays equally likely. At the end (once in over a thousand packets) one of the lower half
 * is taken, which always exists; and slot 0 if a transaction shrank the set since the packet was sent here.
 */
import { type Chain, type FamilyWords, hex, PROTOCOLS_KNOWN } from './family-words.ts';
import { CLASS_COUNT, classSize } from './layout.ts';
import { MASK } from './words.ts';

export function classIndexes(): number[] {
  return Array.from({ length: CLASS_COUNT }, (_, index) => index);
}

/** For sets without affinity: from the set and a draw to the endpoint. */
export function pickChains(words: FamilyWords): Chain[] {
  return [...classIndexes().map(pickChain), ...classIndexes().map((index) => drawChain(words, index))];
}

function pickChain(index: number): Chain {
  const moduli = moduliOf(classSize(index));
  return {
    name: `pick-${classSize(index)}`,
    comment: `one of ${slotsOfClass(index)} slots at random; draws again if it hits none`,
    rules: [
      `meta priority set meta priority & ${hex(MASK.plainSet)}`,
      ...moduli.map((modulus, position) =>
        position === moduli.length - 1 ? `goto draw-${modulus}` : `jump draw-${modulus}`,
      ),
    ],
  };
}

/**
 * The only rules that look into the slots, one for each class: the kernel visits every rule that is bound to a map
 * each time an element is put into it (with 138 such rules a load took twice as long).
 */
function drawChain({ ip }: FamilyWords, index: number): Chain {
  const size = classSize(index);
  return {
    name: `draw-${size}`,
    comment: `to the endpoint in a random slot below ${size}; back if there is none`,
    rules: [`${PROTOCOLS_KNOWN} dnat ${ip} to meta priority . numgen random mod ${size} map @slots`],
  };
}

/** For sets with affinity: from the set and a draw to the number of the endpoint, for the caller to bind the client to. */
export function affinityPickChains(): Chain[] {
  const vmap = classIndexes().map((index) => `${index + 1} : goto affinity-pick-${classSize(index)}`);
  return [
    {
      name: 'affinity-pick',
      comment: 'draws the number of an endpoint',
      rules: [`meta priority & ${hex(MASK.class)} vmap { ${vmap.join(', ')} }`],
    },
    ...classIndexes().map(affinityPickChain),
    ...classIndexes().map(affinityDrawChain),
  ];
}

function affinityPickChain(index: number): Chain {
  const isDrawn = `meta priority & ${hex(MASK.where)} == 0`;
  return {
    name: `affinity-pick-${classSize(index)}`,
    comment: `one of ${slotsOfClass(index)} slots at random; draws again if it hits none`,
    rules: [
      `meta priority set meta priority & ${hex(MASK.affinitySet)}`,
      ...moduliOf(classSize(index)).flatMap((modulus) => [
        `jump affinity-draw-${modulus}`,
        `${isDrawn} return`,
      ]),
    ],
  };
}

function affinityDrawChain(index: number): Chain {
  const size = classSize(index);
  return {
    name: `affinity-draw-${size}`,
    comment: `the number of the endpoint in a random slot below ${size}, if there is one`,
    rules: [`meta priority set meta priority . numgen random mod ${size} map @affinity-slots`],
  };
}

/** The numbers below which a class draws, one after the other. */
function moduliOf(size: number): number[] {
  if (size === 1) return [1];
  if (size === 2) return [2, 1];
  // So often that all draws miss less than once in 1024, in the worst case of size / 2 + 1 slots.
  const missing = size / 2 - 1;
  const draws = Math.ceil(Math.log(1024) / Math.log(size / missing));
  return [...new Array<number>(draws).fill(size), size / 2, 1];
}

function slotsOfClass(index: number): string {
  const size = classSize(index);
  return size <= 2 ? `${size}` : `${size / 2 + 1} to ${size}`;
}
