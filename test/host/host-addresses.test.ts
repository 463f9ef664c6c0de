import { execFileSync } from 'node:child_process';
import test, { type ExecutionContext } from 'ava';
import { addressesOf, HostAddresses } from '../../src/host/host-addresses.ts';
import { ipBatch } from '../../src/lab/namespaces.ts';
import { privateNamespace } from '../helpers/netns.ts';

/** The addresses of a namespace as they are told, and a way to wait for some. */
class Followed {
  readonly lists: (readonly string[])[] = [];
  readonly #watch: HostAddresses;
  #wake = (): void => {};

  constructor(t: ExecutionContext, namespace: string) {
    this.#watch = new HostAddresses({
      namespace,
      onChange: (addresses) => {
        this.lists.push(addresses);
        this.#wake();
      },
      onFailure: (error) => t.fail(error.message),
    });
    t.teardown(() => this.close());
  }

  /** Waits until the addresses are exactly these. */
  async until(t: ExecutionContext, ...wanted: readonly string[]): Promise<void> {
    const alive = setInterval(() => {}, 1000); // a monitor does not keep the process waiting
    const text = wanted.toSorted().join(' ');
    while (this.lists.at(-1)?.toSorted().join(' ') !== text) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    clearInterval(alive);
    t.pass();
  }

  close(): void {
    this.#watch.close();
  }
}

/** Runs lines of `ip` while the event loop stands still. */
function blockingBatch(namespace: string, lines: readonly string[]): void {
  execFileSync('ip', ['-n', namespace, '-batch', '-'], { input: lines.join('\n') });
}

const LOOPBACK = ['127.0.0.1', '::1'];

async function hostWithLink(t: ExecutionContext): Promise<{ namespace: string; followed: Followed }> {
  const namespace = await privateNamespace(t);
  // Without link-local addresses, which are random and take a second to be cleared.
  await ipBatch(
    [
      'link add eth0 type veth peer name peer0',
      'link set eth0 addrgenmode none',
      'link set peer0 addrgenmode none',
      'link set eth0 up',
      'link set peer0 up',
    ],
    namespace,
  );
  const followed = new Followed(t, namespace);
  return { namespace, followed };
}

test('rows become canonical text', (t) => {
  t.deepEqual(addressesOf(Uint32Array.from([])), []);
  t.deepEqual(addressesOf(Uint32Array.from([1, 0xc000020b, 4, 0x20010db8, 0, 0, 1, 1, 0x7f000001])), [
    '192.0.2.11',
    '2001:db8::1',
    '127.0.0.1',
  ]);
});

test('NPA-11 addresses are told at first, as they come and as they go', async (t) => {
  const { namespace, followed } = await hostWithLink(t);
  await followed.until(t, ...LOOPBACK);
  await ipBatch(['addr add 192.0.2.11/24 dev eth0', 'addr add 2001:db8::11/64 dev eth0 nodad'], namespace);
  await followed.until(t, ...LOOPBACK, '192.0.2.11', '2001:db8::11');
  await ipBatch(['addr del 192.0.2.11/24 dev eth0'], namespace);
  await followed.until(t, ...LOOPBACK, '2001:db8::11');
});

test('NPA-11 the addresses that were there before', async (t) => {
  const namespace = await privateNamespace(t);
  await ipBatch(['addr add 192.0.2.11/32 dev lo', 'addr add 192.0.2.12/32 dev lo'], namespace);
  const followed = new Followed(t, namespace);
  await followed.until(t, ...LOOPBACK, '192.0.2.11', '192.0.2.12');
  t.deepEqual(followed.lists, [['127.0.0.1', '192.0.2.11', '192.0.2.12', '::1']]);
});

test('an interface that goes down takes its addresses along, and brings them back', async (t) => {
  const { namespace, followed } = await hostWithLink(t);
  await ipBatch(['addr add 192.0.2.11/24 dev eth0'], namespace);
  await followed.until(t, ...LOOPBACK, '192.0.2.11');
  await ipBatch(['link set eth0 down'], namespace);
  await followed.until(t, ...LOOPBACK);
  await ipBatch(['link set eth0 up'], namespace);
  await followed.until(t, ...LOOPBACK, '192.0.2.11');
  await ipBatch(['link del eth0'], namespace);
  await followed.until(t, ...LOOPBACK);
});

test('of a point-to-point link our end is told', async (t) => {
  const { namespace, followed } = await hostWithLink(t);
  await ipBatch(
    ['addr add 192.0.2.1 peer 192.0.2.2 dev eth0', 'addr add 2001:db8::1 peer 2001:db8::2 dev eth0 nodad'],
    namespace,
  );
  await followed.until(t, ...LOOPBACK, '192.0.2.1', '2001:db8::1');
});

test('an address is told when duplicate address detection has cleared it, and one that another host has never', async (t) => {
  const { namespace, followed } = await hostWithLink(t);
  await ipBatch(['addr add 2001:db8::1/64 dev peer0 nodad'], namespace);
  await followed.until(t, ...LOOPBACK, '2001:db8::1');
  // eth0 asks for both; peer0 answers for one, because it has it and sees eth0 as another host.
  await ipBatch(['addr add 2001:db8::1/64 dev eth0', 'addr add 2001:db8::2/64 dev eth0'], namespace);
  await followed.until(t, ...LOOPBACK, '2001:db8::1', '2001:db8::2');
  await ipBatch(['addr del 2001:db8::1/64 dev peer0'], namespace);
  await followed.until(t, ...LOOPBACK, '2001:db8::2');
});

test('a burst of changes becomes few lists', async (t) => {
  const { namespace, followed } = await hostWithLink(t);
  const many = Array.from({ length: 2000 }, (_, n) => `10.${n >> 8}.${n & 255}.1`);
  await ipBatch(
    many.map((address) => `addr add ${address}/32 dev eth0`),
    namespace,
  );
  await followed.until(t, ...LOOPBACK, ...many);
  t.true(followed.lists.length < many.length / 2, `${followed.lists.length} lists`);
});

test('changes that the listener was too slow for are not lost', async (t) => {
  const { namespace, followed } = await hostWithLink(t);
  await followed.until(t, ...LOOPBACK);
  // More notifications than a socket has room for, while JavaScript takes none.
  const churn = Array.from({ length: 40_000 }, () => [
    'addr add 10.0.0.1/32 dev eth0',
    'addr del 10.0.0.1/32 dev eth0',
  ]);
  blockingBatch(namespace, [...churn.flat(), 'addr add 192.0.2.11/32 dev eth0']);
  await followed.until(t, ...LOOPBACK, '192.0.2.11');
});

test('nothing is told after close, which may be called again', async (t) => {
  const { namespace, followed } = await hostWithLink(t);
  await followed.until(t, ...LOOPBACK);
  followed.close();
  followed.close();
  const other = new Followed(t, namespace);
  await ipBatch(['addr add 192.0.2.11/24 dev eth0'], namespace);
  await other.until(t, ...LOOPBACK, '192.0.2.11');
  t.is(followed.lists.length, 1);
});

test('a namespace that does not exist', (t) => {
  const options = { namespace: 'nodeplane-no-such', onChange: () => {}, onFailure: () => {} };
  t.throws(() => new HostAddresses(options), { code: 'ENOENT', message: /cannot enter network namespace/ });
});
