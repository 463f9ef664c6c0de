import test from 'ava';
import fc from 'fast-check';
import { addressText, addressWords } from '../../src/net/address.ts';
import { isCanonicalText } from '../../src/net/canonical-text.ts';

/** What it means, by way of the address itself. */
function isCanonical(text: string): boolean {
  const words = addressWords(text);
  return words !== undefined && addressText(words) === text;
}

/** Zero groups in all places, and now and then a character that does not belong. */
const group = fc.constantFrom(
  '0',
  '0',
  '0',
  '1',
  'ffff',
  'db8',
  '00',
  '0a',
  'A',
  '',
  '12345',
  'g',
  '1.2.3.4',
);
const nearlyIPv6 = fc
  .tuple(fc.array(group, { maxLength: 9 }), fc.nat(9), fc.boolean())
  .map(([groups, at, hasGap]) =>
    hasGap ? `${groups.slice(0, at).join(':')}::${groups.slice(at).join(':')}` : groups.join(':'),
  );

const zerosAndOnes = fc
  .array(fc.constantFrom(0, 0, 1, 0xffff), { minLength: 8, maxLength: 8 })
  .map((groups) => addressText([0, 2, 4, 6].map((i) => (groups[i] ?? 0) * 65536 + (groups[i + 1] ?? 0))));

const octet = fc.constantFrom('0', '1', '10', '255', '256', '00', '01', '', 'a');
const nearlyIPv4 = fc.array(octet, { minLength: 3, maxLength: 5 }).map((octets) => octets.join('.'));

for (const [name, texts] of Object.entries({ nearlyIPv6, zerosAndOnes, nearlyIPv4 })) {
  test(`${name}: the text is what would be written for its address`, (t) => {
    let canonical = 0;
    const property = fc.property(texts, (text) => {
      if (isCanonical(text)) canonical++;
      t.is(isCanonicalText(text), isCanonical(text), text);
    });
    fc.assert(property, { numRuns: 10_000 });
    t.true(canonical > 100, String(canonical));
  });
}

for (const text of ['::', '::1', '1::', '1::1', '1:0:0:2::3', '1::2:0:0:3', '1:2:3:4:5:6:7:8', '0.0.0.0']) {
  test(`canonical: ${text}`, (t) => t.true(isCanonicalText(text)));
}

for (const text of [
  '1:0:0:2:0:0:0:3',
  '::2:0:0:0:0:3',
  '0::1',
  '1::0',
  '1:2:3::5:6:7:8',
  ':::',
  '1:',
  ':1',
  '01.2.3.4',
]) {
  test(`not canonical: ${text}`, (t) => t.false(isCanonicalText(text)));
}
