import test from 'ava';
import { CLUSTER_IPS, FRONTENDS, openTable, put, SLOTS, TCP } from './table.ts';

test('intervals, expired elements and other types are told from our rows', async (t) => {
  const { table } = await openTable(t);
  await table.drop();
  await table.runScript(`table ip nodeplane {
    set cluster-ips { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.168.0.1 } }
    set frontends-1 {
      type ipv4_addr . inet_proto . inet_service
      flags timeout
      elements = { 10.0.0.1 . tcp . 80 timeout 1ms, 10.0.0.2 . tcp . 80 timeout 1h }
    }
    map slots { type ipv4_addr : ipv4_addr; elements = { 10.0.0.1 : 10.0.0.2 } }
  }`);
  t.deepEqual([...(await table.read(CLUSTER_IPS))], []);
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.deepEqual([...(await table.read(FRONTENDS))], put(FRONTENDS, 0x0a000002, TCP, 80));
  const error = await t.throwsAsync(table.read(SLOTS));
  t.regex(
    error?.message ?? '',
    /cannot read set slots of table ip nodeplane, whose keys are not of the type/,
  );
});
