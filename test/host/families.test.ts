import test from 'ava';
import { supportedFamilies } from '../../src/host/families.ts';

test('DUAL-04 a kernel without IPv6 is served on IPv4 alone', (t) => {
  t.deepEqual(supportedFamilies('/proc/net/no-such-file'), ['IPv4']);
});

test('DUAL-01 a kernel with IPv6 is served on both', (t) => {
  t.deepEqual(supportedFamilies('/proc/self/stat'), ['IPv4', 'IPv6']);
});
