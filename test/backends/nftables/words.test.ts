import test from 'ava';
import fc from 'fast-check';
import { classOf, MAX_SLOTS } from '../../../src/backends/nftables/layout.ts';
import {
  affinitySetOf,
  affinitySetWord,
  endpointWord,
  groupOfEndpoint,
  MASK,
  MAX_TIMEOUTS,
  numberOfEndpoint,
  plainSetOf,
  plainSetWord,
  readWhere,
  sourceListOf,
  sourceListWord,
  timeoutWord,
  whereWord,
} from '../../../src/backends/nftables/words.ts';
import {
  groupOf,
  listOfNumber,
  MAX_AFFINITY_GROUPS,
  MAX_AFFINITY_NUMBERS,
  MAX_SLOT_SETS,
} from '../../../src/delta/programmed-table.ts';

const count = fc.integer({ min: 1, max: MAX_SLOTS });
const plainSet = fc.nat({ max: MAX_SLOT_SETS - 1 });
const affinitySet = fc.nat({ max: 2 * MAX_AFFINITY_GROUPS - 1 });
const timeout = fc.nat({ max: MAX_TIMEOUTS - 1 });

/** What rules do to a word: `meta priority & MASK`. */
function masked(word: number, mask: number): number {
  return (word & mask) >>> 0;
}

function isWord(word: number): boolean {
  return Number.isInteger(word) && word >= 0 && word < 2 ** 32;
}

test('property: the word of a slot set without affinity tells the set and its class', (t) => {
  const property = fc.property(plainSet, count, (set, slots) => {
    const target = { action: 'forward', set, count: slots, affinitySeconds: undefined } as const;
    const word = whereWord(target, () => t.fail('there is no timeout'));
    t.true(isWord(word));
    t.deepEqual(readWhere(word), { set, class: classOf(slots), timeout: undefined });
    t.is(masked(word, MASK.plainSet), plainSetWord(set));
    t.is(plainSetOf(plainSetWord(set)), set);
    t.is(masked(word, MASK.classAndAffinity), classOf(slots) + 1);
  });
  fc.assert(property, { numRuns: 2000 });
});

test('property: the word of a slot set with affinity tells the set, its class and its timeout', (t) => {
  const property = fc.property(affinitySet, count, timeout, (set, slots, index) => {
    const target = { action: 'forward', set, count: slots, affinitySeconds: 60 } as const;
    const word = whereWord(target, (seconds) => (seconds === 60 ? index : -1));
    t.true(isWord(word));
    t.deepEqual(readWhere(word), { set, class: classOf(slots), timeout: index });
    t.is(masked(word, MASK.affinitySet), affinitySetWord(set));
    t.is(affinitySetOf(affinitySetWord(set)), set);
    t.is(masked(word, MASK.class), classOf(slots) + 1);
    t.true(masked(word, MASK.classAndAffinity) > MASK.class);
    t.is(masked(word, MASK.timeoutAndLocal), timeoutWord(index, listOfNumber(set)));
  });
  fc.assert(property, { numRuns: 2000 });
});

test('property: AFF-02 both lists of a group, and its endpoints, share the bits under which bindings are kept', (t) => {
  const number = fc.nat({ max: MAX_AFFINITY_NUMBERS - 1 });
  const property = fc.property(affinitySet, number, (set, endpoint) => {
    const word = endpointWord(groupOf(set), endpoint);
    t.true(isWord(word));
    t.is(masked(word, MASK.where), 0);
    t.is(masked(word, MASK.group), masked(affinitySetWord(set), MASK.group));
    t.deepEqual([groupOfEndpoint(word), numberOfEndpoint(word)], [groupOf(set), endpoint]);
    t.not(masked(affinitySetWord(set), MASK.where), 0);
  });
  fc.assert(property, { numRuns: 2000 });
});

test('property: the word of a source list is the same in either byte order, and no other word is one', (t) => {
  const property = fc.property(fc.nat({ max: 0xffff }), fc.nat({ max: 2 ** 32 - 1 }), (list, word) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(sourceListWord(list));
    t.is(bytes.readUInt32LE(), sourceListWord(list));
    t.is(sourceListOf(sourceListWord(list)), list);
    const found = sourceListOf(word);
    if (found !== undefined) t.is(sourceListWord(found), word);
  });
  fc.assert(property, { numRuns: 2000 });
});

test('property: any word is read as a place or as none', (t) => {
  const property = fc.property(fc.nat({ max: 2 ** 32 - 1 }), (word) => {
    const where = readWhere(word);
    t.is(where === undefined, masked(word, MASK.where) === 0 || masked(word, MASK.class) === 0);
    if (where !== undefined) t.true(where.class >= 0 && where.class < MASK.class);
  });
  fc.assert(property, { numRuns: 2000 });
});

test('what does not fit is an error', (t) => {
  const large = { action: 'forward', set: 0, count: MAX_SLOTS + 1, affinitySeconds: undefined } as const;
  t.throws(() => whereWord(large, () => 0), {
    instanceOf: RangeError,
    message: '16385 endpoints, at most 16384 fit',
  });
  t.throws(() => endpointWord(0, MAX_AFFINITY_NUMBERS), {
    instanceOf: RangeError,
    message: 'more than 16384 endpoints with affinity',
  });
});
