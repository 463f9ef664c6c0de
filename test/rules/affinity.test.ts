/** Section 12, as far as the wanted table tells it; test/kernel proves the rest. */
import test, { type ExecutionContext } from 'ava';
import { frontendKey, siblingKey, type Target } from '../../src/forwarding/frontend.ts';
import { programmed } from '../reference/programmed.ts';
import { type Story, situationOf } from './story.ts';

const CLIENT_IP = { sessionAffinity: 'ClientIP' };

function slotSetOf(target: Target | undefined): string {
  return target?.action === 'forward' ? target.slotSet : 'none';
}

function tableOf(story: Story) {
  return programmed(situationOf(story)).IPv4.table;
}

function keepsFor(t: ExecutionContext, story: Story, seconds: number | undefined): void {
  const table = tableOf(story);
  const sets = [...table.slotSets()].map(([, set]) => set.affinitySeconds);
  t.true(sets.length > 0);
  for (const affinity of sets) t.is(affinity, seconds);
}

test('AFF-01 no affinity', keepsFor, { spec: { sessionAffinity: 'None' } }, undefined);
test(
  'AFF-05 the timeout of the Service',
  keepsFor,
  { spec: { ...CLIENT_IP, sessionAffinityConfig: { clientIP: { timeoutSeconds: 90 } } } },
  90,
);
test('SVC-13 no timeout given', keepsFor, { spec: CLIENT_IP }, 10_800);

test('AFF-02 all frontends of a service port share its bindings', (t) => {
  const table = tableOf({ spec: CLIENT_IP });
  const frontends = [...table.frontends()];
  t.is(frontends.length, 4);
  t.is(new Set(frontends.map(([, { inside }]) => slotSetOf(inside))).size, 1);
});

test('AFF-02 AFF-04 the Local list is a list of its own, beside that of the same service port', (t) => {
  const table = tableOf({ spec: { ...CLIENT_IP, externalTrafficPolicy: 'Local' } });
  const vip = table.frontend(frontendKey('198.51.100.10', 'TCP', 80));
  t.not(slotSetOf(vip?.inside), slotSetOf(vip?.outside));
  t.is(siblingKey(slotSetOf(vip?.inside)), slotSetOf(vip?.outside));
});

test('AFF-03 ports of a Service are independent, also TCP and UDP of one number', (t) => {
  const ports = [
    { name: 'http', port: 80 },
    { name: 'alt', port: 81 },
    { name: 'udp', protocol: 'UDP', port: 80 },
  ] as const;
  const slices = situationOf({}).endpointSlices.map((slice) => ({
    ...slice,
    ports: ports.map((it) => ({ protocol: 'TCP' as const, ...it })),
  }));
  const table = tableOf({ spec: { ...CLIENT_IP, ports }, slices });
  const sets = [...table.frontends()].map(([, { inside }]) => slotSetOf(inside));
  t.is(new Set(sets).size, 3);
});
