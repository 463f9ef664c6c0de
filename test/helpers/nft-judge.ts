/**
 * Judges the elements of a kernel's table by following the numbers that nft lists, from frontends over slot sets to endpoints,
 * as a packet does. How things are numbered does not matter; whatever belongs to nothing is told as a stray.
 */
import type { WantedTable } from '../../src/forwarding/forwarding-table.ts';
import type { Target } from '../../src/forwarding/frontend.ts';
import { type Family, withPort } from '../../src/net/address.ts';
import { type Fields, type ListedTable, listTable } from './nft-listing.ts';

export { NFT, nft } from './nft-listing.ts';

/** Sorted lines by what they are about; what is empty is left out. */
export type Contents = Record<string, string[]>;

/** What nft says is in the table of a family, to be compared with {@link expectedElements}. */
export async function judgedElements(namespace: string, family: Family): Promise<Contents> {
  return new Judge(await listTable(namespace, family)).contents();
}

/** The same, as it should be for a wanted table. */
export function expectedElements(wanted: WantedTable): Contents {
  const rangesOf = (key: string): string => rangesText(wanted.sourceList(key)?.ranges ?? []);
  const frontends = Array.from(wanted.frontends(), ([, { address, protocol, port, ...frontend }]) => {
    const name = frontendName([...(address === undefined ? [] : [address]), protocol, `${port}`]);
    const { inside, outside, sourceList } = frontend;
    return frontendText(
      name,
      targetText(wanted, inside),
      outside && targetText(wanted, outside),
      sourceList && rangesOf(sourceList),
    );
  });
  return sortedContents({
    frontends,
    slotSets: Array.from(wanted.slotSets(), ([, { endpoints }]) => sortedText(endpoints)),
    sourceLists: Array.from(wanted.sourceLists(), ([key]) => rangesOf(key)),
    clusterIPs: [...wanted.clusterIPs()],
    hairpins: Array.from(wanted.hairpins(), (address) => `${address} ${address}`),
  });
}

function targetText(wanted: WantedTable, target: Target): string {
  if (target.action !== 'forward') return target.action;
  const set = wanted.slotSet(target.slotSet);
  return slotsText(set?.endpoints ?? [], set?.affinitySeconds?.toString());
}

/** The bits of a word, as the table in src/backends/nftables/words.ts has them. */
const WHERE = 0x8000_0000;
const AFFINITY = 0x10;
const LOCAL = 0x20;
const SIZE = 0xf;
const PLAIN_SET = 0x7fff_ffe0;
const AFFINITY_SET = 0xffff_c020;
const TIMEOUT = 0x3fe0;

/** Endpoints by slot, by the word that names the set. */
type SlotSets = ReadonlyMap<string, readonly string[]>;

class Judge {
  readonly #table: ListedTable;
  readonly #plain: SlotSets;
  readonly #withAffinity: SlotSets;
  readonly #ranges = new Map<string, string[]>();
  readonly #strays: string[] = [];

  constructor(table: ListedTable) {
    this.#table = table;
    this.#plain = this.#slotSets('slots', (_, endpoint) => endpointText(endpoint));
    this.#withAffinity = this.#affinitySets();
    for (const { key } of table.elements('sources')) {
      const [list = '', range = ''] = key;
      this.#ranges.set(list, [...(this.#ranges.get(list) ?? []), range]);
    }
  }

  contents(): Contents {
    const membersOf = (set: string): string[] => this.#table.elements(set).map(({ key }) => key.join(' '));
    return sortedContents({
      frontends: [...this.#frontends('frontends', ''), ...this.#frontends('node-ports', '-node-ports')],
      slotSets: [...this.#plain.values(), ...this.#withAffinity.values()].map((slots) =>
        sortedText(Object.values(slots)),
      ),
      sourceLists: [...this.#ranges.values()].map(rangesText),
      clusterIPs: membersOf('cluster-ips'),
      hairpins: membersOf('hairpin'),
      strays: this.#strays,
    });
  }

  /** Of the sets that are about addresses, or of those about node ports. */
  #frontends(map: string, suffix: string): string[] {
    const forwarded = this.#table.values(map);
    const outside = this.#table.values(`outside${suffix}`);
    const rejected = this.#table.values(`rejected${suffix}`);
    const dropped = this.#table.values(`dropped${suffix}`);
    const restricted = suffix === '' ? this.#table.values('restricted') : new Map<string, Fields>();
    const keys = new Set(
      [forwarded, outside, rejected, dropped, restricted].flatMap((sets) => [...sets.keys()]),
    );
    return Array.from(keys, (key) => {
      const refusal = [rejected.has(key) && 'reject', dropped.has(key) && 'drop']
        .filter(Boolean)
        .join(' and ');
      const word = forwarded.get(key)?.[0];
      const outsideWord = outside.get(key)?.[0];
      const isRefusing = word === undefined || outsideWord === '0';
      if (isRefusing !== (refusal !== ''))
        this.#strays.push(`${key}: it refuses, or it has a refusal, not both`);
      const list = restricted.get(key)?.[0];
      return frontendText(
        frontendName(key.split(' ')),
        word === undefined ? refusal : this.#follow(Number(word)),
        outsideWord && (outsideWord === '0' ? refusal : this.#follow(Number(outsideWord))),
        list && rangesText(this.#ranges.get(list) ?? []),
      );
    });
  }

  /** Where the word of a frontend leads to. */
  #follow(word: number): string {
    const isBound = (word & AFFINITY) !== 0;
    const sets = isBound ? this.#withAffinity : this.#plain;
    const slots = sets.get(maskText(word, isBound ? AFFINITY_SET : PLAIN_SET)) ?? [];
    const size = 2 ** ((word & SIZE) - 1);
    const isItsSize = slots.length <= size && (size === 1 || slots.length > size / 2);
    if ((word & WHERE) === 0 || !isItsSize) return `the wrong word ${word} for ${slots.length} slots`;
    return slotsText(slots, isBound ? this.#secondsOf(word) : undefined);
  }

  /** What the chains of a timeout do, not what they are called. */
  #secondsOf(word: number): string {
    const verdict = this.#table.values('affinity-timeouts').get(maskText(word, TIMEOUT))?.join('') ?? '';
    const chain = /"target":"([^"]+)"/.exec(verdict)?.[1] ?? '';
    const list = (word & LOCAL) === 0 ? 'cluster' : 'local';
    const rules = [`${chain}-bound`, `${chain}-new`].flatMap((name) => this.#table.rules(name)).join('\n');
    if (!rules.includes(`affinity-translate-${list}`)) return `no ${list} chain, but "${chain}"`;
    return [
      ...new Set([...rules.matchAll(/timeout (\w+) /g)].map(([, time = '']) => secondsIn(time))),
    ].join();
  }

  #affinitySets(): SlotSets {
    const maps = ['affinity-endpoints', 'affinity-endpoints-local'];
    const lists = maps.map((map) => new Map(this.#table.values(map)));
    const unused = maps.map((map) => new Set(this.#table.values(map).keys()));
    const sets = this.#slotSets('affinity-slots', (set, [word = '']) => {
      const list = (Number(set) & LOCAL) === 0 ? 0 : 1;
      unused[list]?.delete(word);
      return endpointText(lists[list]?.get(word) ?? ['none', word]);
    });
    for (const words of unused) for (const word of words) this.#strays.push(`endpoint ${word} is in no slot`);
    return sets;
  }

  #slotSets(map: string, endpointOf: (set: string, value: Fields) => string): SlotSets {
    const sets = new Map<string, string[]>();
    for (const { key, value } of this.#table.elements(map)) {
      const [set = '', slot = ''] = key;
      const slots = sets.get(set) ?? [];
      slots[Number(slot)] = endpointOf(set, value);
      sets.set(set, slots);
    }
    for (const [set, slots] of sets)
      if (Object.keys(slots).length < slots.length) this.#strays.push(`${map} of ${set} have gaps`);
    return sets;
  }
}

function sortedContents(contents: Contents): Contents {
  const filled = Object.entries(contents).filter(([, lines]) => lines.length > 0);
  return Object.fromEntries(filled.map(([about, lines]) => [about, lines.toSorted()]));
}

function frontendText(name: string, inside: string, outside?: string, sources?: string): string {
  const forOutsiders = outside === undefined ? '' : `, for outsiders -> ${outside}`;
  return `${name}${sources === undefined ? '' : ` (only for ${sources})`} -> ${inside}${forOutsiders}`;
}

/** From address (if it is no node port), protocol and port. */
function frontendName(key: Fields): string {
  const [address, protocol, port] = key.length === 3 ? key : ['node', ...key];
  return `${address} ${protocol?.toLowerCase()} ${port}`;
}

function endpointText([address = '', port]: Fields): string {
  return withPort(address, Number(port));
}

function slotsText(endpoints: readonly string[], seconds: string | undefined): string {
  return seconds === undefined ? sortedText(endpoints) : `${sortedText(endpoints)} for ${seconds} s`;
}

/** A range of one address is listed without a length. */
function rangesText(ranges: readonly string[]): string {
  return sortedText(ranges.map((range) => range.replace(/(?<=^[\d.]+)\/32$|\/128$/, '')));
}

function sortedText(items: readonly string[]): string {
  return items.toSorted().join(' ');
}

function maskText(word: number, mask: number): string {
  return String((word & mask) >>> 0);
}

const SECONDS = { d: 86_400, h: 3600, m: 60, s: 1 } as const;

/** As nft writes it, such as `1h30m`. */
function secondsIn(time: string): number {
  let seconds = 0;
  for (const [unit, length] of Object.entries(SECONDS)) {
    seconds += Number(new RegExp(`(\\d+)${unit}`).exec(time)?.[1] ?? 0) * length;
  }
  return seconds;
}
