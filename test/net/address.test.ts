import { isIP, isIPv6 } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { addressText, addressWords, canonicalAddress, familyOf, parseCidr } from '../../src/net/address.ts';

function becomes(t: ExecutionContext, text: string, canonical: string): void {
  t.is(canonicalAddress(text), canonical);
}

test('plain IPv4', becomes, '10.96.0.10', '10.96.0.10');
test('lowest IPv4', becomes, '0.0.0.0', '0.0.0.0');
test('highest IPv4', becomes, '255.255.255.255', '255.255.255.255');
test('leading zeros are decimal (SVC-09)', becomes, '010.096.000.08', '10.96.0.8');
test('plain IPv6', becomes, 'fd00::1', 'fd00::1');
test('unspecified', becomes, '::', '::');
test('loopback', becomes, '0:0:0:0:0:0:0:1', '::1');
test('upper case (RFC 5952 4.3)', becomes, 'FD00:ABCD::1', 'fd00:abcd::1');
test('leading zeros of groups (4.1)', becomes, '2001:0db8::0001', '2001:db8::1');
test('as short as can be (4.2.1)', becomes, '2001:db8:0:0:0:0:2:1', '2001:db8::2:1');
test('one zero group is not shortened (4.2.2)', becomes, '2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1');
test('the longest run (4.2.3)', becomes, '2001:0:0:1:0:0:0:1', '2001:0:0:1::1');
test('the first of two equal runs (4.2.3)', becomes, '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1');
test('a run at the end', becomes, '1:2:0:0:0:0:0:0', '1:2::');
test('a run at the start', becomes, '0:0:0:0:0:0:1:2', '::1:2');
test('"::" for one group', becomes, '1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0');
test('IPv4 at the end', becomes, '64:ff9b::192.0.2.1', '64:ff9b::c000:201');
test('IPv4 at the end of eight groups', becomes, '1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:c000:201');

const REFUSED = [
  '',
  ' ',
  '1',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.',
  '.1.2.3',
  '1..2.3',
  '256.1.1.1',
  '1.2.3.4 ',
  ' 1.2.3.4',
  '-1.2.3.4',
  '1.2.3.0x4',
  '1.2.3.4/32',
  '4294967296',
  'localhost',
  ':',
  ':::',
  '1:::2',
  '1::2::3',
  '1:2:3:4:5:6:7',
  ':1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  '::1:2:3:4:5:6:7:8',
  '12345::',
  'g::',
  '1:',
  ':1',
  '[::1]',
  'fe80::1%eth0',
  '::1.2.3',
  '::1.2.3.256',
  '1.2.3.4::',
  '1.2.3.4::1',
  '::1.2.3.4:1',
  '1:2:3:4:5:6:7:1.2.3.4',
  '::ffff:1.2.3.4',
  '::FFFF:102:304',
  '0:0:0:0:0:ffff:1.2.3.4',
];

for (const text of REFUSED) {
  test(`no address: "${text}"`, (t) => {
    t.is(canonicalAddress(text), undefined);
    t.is(addressWords(text), undefined);
    t.is(parseCidr(`${text}/8`), undefined);
  });
}

/** IPv4-mapped addresses in canonical text. */
const MAPPED = /^::ffff:[0-9a-f]+:[0-9a-f]+$/;

/** How a browser writes it (WHATWG URL), which is RFC 5952 as well. */
function urlForm(text: string): string {
  return new URL(`http://[${text}]/`).hostname.slice(1, -1);
}

test('IPv6: the same text as URL makes of it', (t) => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const expected = urlForm(text);
      t.is(canonicalAddress(text), MAPPED.test(expected) ? undefined : expected);
    }),
    { numRuns: 2000 },
  );
});

test('IPv4: stays as it is', (t) => {
  fc.assert(fc.property(fc.ipV4(), (text) => t.is(canonicalAddress(text), text)));
});

/** Text that is nearly an address. */
const NEARLY = fc.array(
  fc.constantFrom(':', '::', '.', '0', '00', '1', '12', '255', '256', 'ffff', 'a', '1.2.3.4', '%', '/'),
  {
    maxLength: 12,
  },
);

test('what is an address, node:net says too', (t) => {
  fc.assert(
    fc.property(NEARLY, (parts) => {
      const text = parts.join('');
      const canonical = canonicalAddress(text);
      // Ours alone: leading zeros are read, zones and mapped addresses are not.
      const isOurs = text.replaceAll(/\d+(?=\.)|(?<=\.)\d+/g, (octet) => String(Number(octet)));
      const expected =
        isIP(isOurs) !== 0 && !text.includes('%') && !(isIPv6(isOurs) && MAPPED.test(urlForm(isOurs)));
      t.is(canonical !== undefined, expected, text);
    }),
    { numRuns: 20_000 },
  );
});

test('canonical text is its own canonical text, and of the same family', (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const canonical = canonicalAddress(text);
      if (canonical === undefined) return;
      t.is(canonicalAddress(canonical), canonical);
      t.is(familyOf(canonical), familyOf(text));
      t.is(isIP(canonical), familyOf(text) === 'IPv4' ? 4 : 6);
    }),
    { numRuns: 1000 },
  );
});

test('any text gives an answer', (t) => {
  fc.assert(fc.property(fc.string(), (text) => t.notThrows(() => [canonicalAddress(text), parseCidr(text)])));
});

test('words of addresses, most significant first', (t) => {
  t.deepEqual(addressWords('192.0.2.1'), [0xc0000201]);
  t.deepEqual(addressWords('2001:db8::ffff:1'), [0x20010db8, 0, 0, 0xffff0001]);
});

test('words to text and back', (t) => {
  const word = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(0, 1, 0xffff, 0x10000));
  const words = fc.oneof(fc.tuple(word), fc.tuple(word, word, word, word));
  fc.assert(
    fc.property(words, (given) => {
      const isMapped = given.length === 4 && given[0] === 0 && given[1] === 0 && given[2] === 0xffff;
      t.deepEqual(addressWords(addressText(given)), isMapped ? undefined : given);
    }),
    { numRuns: 2000 },
  );
});

function cidr(t: ExecutionContext, text: string, address: string, prefixLength: number): void {
  t.deepEqual(parseCidr(text), { family: familyOf(address), address, prefixLength });
}

test('CIDR', cidr, '10.244.1.0/24', '10.244.1.0', 24);
test('CIDR: host bits are cleared', cidr, '10.244.1.255/25', '10.244.1.128', 25);
test('CIDR: leading zeros', cidr, '010.0.0.0/08', '10.0.0.0', 8);
test('CIDR: everything', cidr, '1.2.3.4/0', '0.0.0.0', 0);
test('CIDR: one address', cidr, '255.255.255.255/32', '255.255.255.255', 32);
test('CIDR: IPv6', cidr, 'FD00:10:244:1::1/64', 'fd00:10:244:1::', 64);
test('CIDR: inside a word', cidr, 'ffff:ffff:ffff::/33', 'ffff:ffff:8000::', 33);
test('CIDR: all of IPv6', cidr, '::1/0', '::', 0);
test('CIDR: one IPv6 address', cidr, '::1/128', '::1', 128);

for (const text of [
  '',
  '/',
  '10.0.0.0',
  '10.0.0.0/',
  '/8',
  '10.0.0.0/33',
  '::/129',
  '10.0.0.0/-1',
  '10.0.0.0/8/8',
  '10.0.0.0/8 ',
  '10.0.0.0/1e1',
  'x/8',
  '::ffff:1.2.3.4/96',
]) {
  test(`no CIDR: "${text}"`, (t) => t.is(parseCidr(text), undefined));
}

test('a CIDR holds its own address, and masking it again changes nothing', (t) => {
  const text = fc.oneof(
    fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
    fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
  );
  fc.assert(
    fc.property(text, ([address, length]) => {
      const parsed = parseCidr(`${address}/${length}`);
      if (parsed === undefined) return t.is(canonicalAddress(address), undefined);
      return t.deepEqual(parseCidr(`${parsed.address}/${length}`), parsed);
    }),
    { numRuns: 1000 },
  );
});
