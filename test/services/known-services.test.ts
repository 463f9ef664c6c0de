import test from 'ava';
import { KnownServices, portOf } from '../../src/services/known-services.ts';
import { SliceIndex } from '../../src/services/slice-index.ts';
import { slice } from '../helpers/objects.ts';

const web = slice('web-1', 'web', ['10.244.0.1']);

/** Judges as the service map does, with no Service there. */
function judge(services: KnownServices): string[] {
  const touched = services.takeTouched();
  for (const port of touched) services.dropPortIfUnused(port);
  return touched.map((port) => port.id);
}

test('a slice makes its service port known, and the last slice takes it away', (t) => {
  const services = new KnownServices();
  const slices = new SliceIndex(services);
  slices.put(web);
  slices.put({ ...web, name: 'web-2' });
  t.deepEqual(judge(services), ['shop/web:http/TCP IPv4']);
  slices.delete('shop', 'web-1');
  judge(services);
  t.not(services.get('shop/web'), undefined);
  slices.delete('shop', 'web-2');
  t.deepEqual(judge(services), ['shop/web:http/TCP IPv4']);
  t.is(services.get('shop/web'), undefined);
});

test('a slice without a port that serves makes nothing known', (t) => {
  const services = new KnownServices();
  new SliceIndex(services).put({ ...web, ports: [] });
  t.is(services.get('shop/web'), undefined);
});

test('a slice that got its ports after its Service was forgotten gives them to the Service of today', (t) => {
  const services = new KnownServices();
  const slices = new SliceIndex(services);
  slices.put(web);
  slices.put({ ...web, ports: [] });
  judge(services);
  const today = services.getOrAdd('shop/web');
  slices.put(web);
  t.is(portOf(today, 'http', 'TCP', 'IPv4').slicePorts.length, 1);
});

test('a port that is touched twice is judged once', (t) => {
  const services = new KnownServices();
  const port = portOf(services.getOrAdd('shop/web'), 'http', 'TCP', 'IPv4');
  services.touch(port);
  services.touch(port);
  t.is(services.takeTouched().length, 1);
  services.touch(port);
  t.is(services.takeTouched().length, 1);
});
