import { PROTOCOLS, type Protocol } from '../../api/objects.ts';
import {
  addSlotSet,
  addSourceList,
  emptyProgrammedTable,
  groupOf,
  listOfNumber,
  type ProgrammedFrontend,
  type ProgrammedTable,
  type ProgrammedTarget,
} from '../../delta/programmed-table.ts';
import { frontendKey, slotSetKey } from '../../forwarding/frontend.ts';
import { DELETE, type FieldType, type SetLayout } from '../../native/addon.ts';
import { addressText, type Family, withPort } from '../../net/address.ts';
import { cidrOfRange, cidrText } from '../../net/cidr.ts';
import { frontendWords, PROTOCOL_NUMBER } from './encode.ts';
import { classOf, SET } from './layout.ts';
import type { RowWriter } from './row-writer.ts';
import {
  affinitySetOf,
  groupOfEndpoint,
  NOWHERE,
  numberOfEndpoint,
  plainSetOf,
  readWhere,
  sourceListOf,
} from './words.ts';

/** Elements of every set of the table, as the addon read them: rows by position of the set. */
export type Elements = readonly Uint32Array[];

/**
 * Turns the elements of a kernel into a table, without trusting them: an element that belongs to nothing whole (a slot
 * without its neighbours, a frontend that leads to no slots, a key that is no frontend) is a stray. Its deletion is
 * written to `strays`. Slot sets and source lists get keys of their numbers; nothing there tells whose they are.
 * `secondsOf` gives the affinity timeout of an index. Returns the table and the number of strays.
 */
export function decodeElements(
  family: Family,
  layouts: readonly SetLayout[],
  elements: Elements,
  strays: RowWriter,
  secondsOf: (timeout: number) => number | undefined,
): { table: ProgrammedTable; strays: number } {
  const decoder = new Decoder(family, strays, secondsOf);
  for (const [set, rows] of elements.entries()) {
    const layout = layouts[set];
    if (layout !== undefined) decoder.takeSet(set, layout, rows);
  }
  return decoder.finish();
}

/** Everything that the kernel holds under one frontend's key: the word of each map (or 0 of a set) that it is in. */
interface FoundFrontend {
  readonly address: string | undefined;
  readonly protocol: Protocol;
  readonly port: number;
  readonly words: Map<number, number>;
}

/** Endpoints, or their numbers, by slot number, which may have gaps. */
type FoundSlots<Value> = Map<number, Map<number, Value>>;

const NODE_PORT_SETS = new Set<number>([
  SET.nodePorts,
  SET.outsideNodePorts,
  SET.rejectedNodePorts,
  SET.droppedNodePorts,
]);

class Decoder {
  readonly #family: Family;
  readonly #strayRows: RowWriter;
  readonly #secondsOf: (timeout: number) => number | undefined;
  readonly #table = emptyProgrammedTable();
  readonly #frontends = new Map<string, FoundFrontend>();
  readonly #slots: FoundSlots<string> = new Map();
  readonly #affinitySlots: FoundSlots<number> = new Map();
  /** Endpoints by word, of the Cluster lists and of the Local lists. */
  readonly #endpoints = { cluster: new Map<number, string>(), local: new Map<number, string>() };
  readonly #ranges = new Map<number, string[]>();
  #strays = 0;

  constructor(family: Family, strays: RowWriter, secondsOf: (timeout: number) => number | undefined) {
    this.#family = family;
    this.#strayRows = strays;
    this.#secondsOf = secondsOf;
  }

  takeSet(set: number, layout: SetLayout, rows: Uint32Array): void {
    const keyWords = widthOf(layout.key) * (layout.interval === true ? 2 : 1);
    const width = 1 + keyWords + widthOf(layout.data);
    for (let offset = 0; offset < rows.length; offset += width) {
      const row = rows.subarray(offset + 1, offset + width);
      this.#take(set, row.subarray(0, keyWords), row.subarray(keyWords));
    }
  }

  finish(): { table: ProgrammedTable; strays: number } {
    const seconds = this.#timeoutsOfSets();
    this.#judgePlainSlots();
    this.#judgeAffinitySlots(seconds);
    this.#judgeEndpoints();
    for (const [id, ranges] of this.#ranges) addSourceList(this.#table, sourceListKey(id), { id, ranges });
    for (const [key, found] of this.#frontends) this.#judgeFrontend(key, found);
    return { table: this.#table, strays: this.#strays };
  }

  #take(set: number, key: Uint32Array, data: Uint32Array): void {
    const first = key[0] ?? 0;
    if (set === SET.clusterIPs) this.#table.clusterIPs.add(this.#address(key));
    else if (set === SET.hairpins) this.#takeHairpin(key);
    else if (set === SET.slots) slotsOf(this.#slots, first).set(key[1] ?? 0, this.#endpoint(data));
    else if (set === SET.affinitySlots) slotsOf(this.#affinitySlots, first).set(key[1] ?? 0, data[0] ?? 0);
    else if (set === SET.affinityEndpoints) this.#endpoints.cluster.set(first, this.#endpoint(data));
    else if (set === SET.affinityEndpointsLocal) this.#endpoints.local.set(first, this.#endpoint(data));
    else if (set === SET.sources) this.#takeRange(key);
    else this.#takeFrontendElement(set, key, data);
  }

  #takeHairpin(key: Uint32Array): void {
    const half = key.length / 2;
    const source = this.#address(key.subarray(0, half));
    if (source === this.#address(key.subarray(half))) this.#table.hairpins.add(source);
    else this.#stray(SET.hairpins, key);
  }

  #takeRange(key: Uint32Array): void {
    const half = key.length / 2;
    const list = key[0] === key[half] ? sourceListOf(key[0] ?? 0) : undefined;
    const cidr = cidrOfRange([...key.subarray(1, half)], [...key.subarray(half + 1)]);
    if (cidr === undefined || list === undefined) {
      this.#stray(SET.sources, key);
      return;
    }
    const ranges = this.#ranges.get(list) ?? [];
    this.#ranges.set(list, ranges);
    ranges.push(cidrText(cidr));
  }

  #takeFrontendElement(set: number, key: Uint32Array, data: Uint32Array): void {
    const width = NODE_PORT_SETS.has(set) ? 0 : this.#addressWidth();
    const protocol = PROTOCOLS.find((name) => PROTOCOL_NUMBER[name] === key[width]);
    const port = key[width + 1];
    if (protocol === undefined || port === undefined) {
      this.#stray(set, key);
      return;
    }
    const address = width === 0 ? undefined : this.#address(key.subarray(0, width));
    this.#findOrAdd(address, protocol, port).words.set(set, data[0] ?? 0);
  }

  #findOrAdd(address: string | undefined, protocol: Protocol, port: number): FoundFrontend {
    const key = frontendKey(address, protocol, port);
    const known = this.#frontends.get(key);
    if (known !== undefined) return known;
    const found = { address, protocol, port, words: new Map() };
    this.#frontends.set(key, found);
    return found;
  }

  #judgePlainSlots(): void {
    for (const [word, found] of this.#slots) {
      const slots = inOrder(found);
      if (slots.length === found.size) {
        const id = plainSetOf(word);
        addSlotSet(this.#table, plainKey(id), { id, slots, affinity: undefined });
      } else {
        for (const slot of found.keys()) this.#stray(SET.slots, [word, slot]);
      }
    }
  }

  /** The timeouts that frontends have for the slot sets that they lead to. */
  #timeoutsOfSets(): ReadonlyMap<number, number> {
    const seconds = new Map<number, number>();
    for (const { words } of this.#frontends.values()) {
      for (const set of [SET.frontends, SET.outside, SET.nodePorts, SET.outsideNodePorts]) {
        const where = readWhere(words.get(set) ?? NOWHERE);
        const timeout = where?.timeout === undefined ? undefined : this.#secondsOf(where.timeout);
        if (where !== undefined && timeout !== undefined) seconds.set(where.set, timeout);
      }
    }
    return seconds;
  }

  #judgeAffinitySlots(seconds: ReadonlyMap<number, number>): void {
    for (const [word, found] of this.#affinitySlots) {
      const id = affinitySetOf(word);
      const words = inOrder(found);
      const slots = words.flatMap((endpoint) => this.#numberedEndpoint(id, endpoint));
      if (seconds.has(id) && words.length === found.size && slots.length === found.size) {
        this.#addAffinitySet(id, slots, words, seconds.get(id) ?? 0);
      } else {
        for (const slot of found.keys()) this.#stray(SET.affinitySlots, [word, slot]);
      }
    }
  }

  #addAffinitySet(id: number, slots: readonly string[], words: readonly number[], seconds: number): void {
    const numbers = words.map(numberOfEndpoint);
    const affinity = { seconds, numbers, next: Math.max(...numbers) + 1 };
    addSlotSet(this.#table, affinityKey(id), { id, slots, affinity });
    for (const word of words) this.#endpointsOf(id).delete(word);
  }

  #numberedEndpoint(set: number, word: number): string[] {
    const endpoint = groupOfEndpoint(word) === groupOf(set) ? this.#endpointsOf(set).get(word) : undefined;
    return endpoint === undefined ? [] : [endpoint];
  }

  #endpointsOf(set: number): Map<number, string> {
    return this.#endpoints[listOfNumber(set)];
  }

  /** What is left belongs to no slot. */
  #judgeEndpoints(): void {
    for (const word of this.#endpoints.cluster.keys()) this.#stray(SET.affinityEndpoints, [word]);
    for (const word of this.#endpoints.local.keys()) this.#stray(SET.affinityEndpointsLocal, [word]);
  }

  #judgeFrontend(key: string, found: FoundFrontend): void {
    const frontend = this.#wholeFrontend(found);
    if (frontend !== undefined) {
      this.#table.frontends.set(key, frontend);
      return;
    }
    for (const set of found.words.keys()) this.#stray(set, frontendWords(found));
  }

  /** Undefined if the elements of a frontend do not fit each other or what they lead to. */
  #wholeFrontend({ address, protocol, port, words }: FoundFrontend): ProgrammedFrontend | undefined {
    const isNodePort = address === undefined;
    const rejected = words.has(isNodePort ? SET.rejectedNodePorts : SET.rejected);
    const dropped = words.has(isNodePort ? SET.droppedNodePorts : SET.dropped);
    const forward = words.get(isNodePort ? SET.nodePorts : SET.frontends);
    const outsideWord = words.get(isNodePort ? SET.outsideNodePorts : SET.outside);
    const restricted = words.get(SET.restricted);
    const sourceList = restricted === undefined ? undefined : sourceListOf(restricted);
    if (rejected && dropped) return undefined;
    const refusal: ProgrammedTarget | undefined = rejected
      ? { action: 'reject' }
      : dropped
        ? { action: 'drop' }
        : undefined;
    const inside = forward === undefined ? refusal : this.#target(forward);
    const outside = outsideWord === NOWHERE ? refusal : this.#maybeTarget(outsideWord);
    // A refusal is somebody's: of all, or of outsiders alone.
    const isRefusalUsed = refusal === undefined || inside === refusal || outside === refusal;
    const isOutsideWhole = outsideWord === undefined || outside !== undefined;
    const isListWhole =
      restricted === undefined || (sourceList !== undefined && this.#ranges.has(sourceList));
    if (inside === undefined || !isOutsideWhole || !isRefusalUsed || !isListWhole) return undefined;
    return { address, protocol, port, inside, outside, sourceList };
  }

  #maybeTarget(word: number | undefined): ProgrammedTarget | undefined {
    return word === undefined ? undefined : this.#target(word);
  }

  #target(word: number): ProgrammedTarget | undefined {
    const where = readWhere(word);
    if (where === undefined) return undefined;
    const { set, timeout } = where;
    const slotSet = this.#table.slotSets.get(timeout === undefined ? plainKey(set) : affinityKey(set));
    if (slotSet === undefined || classOf(slotSet.slots.length) !== where.class) return undefined;
    const affinitySeconds = timeout === undefined ? undefined : this.#secondsOf(timeout);
    if (affinitySeconds !== slotSet.affinity?.seconds) return undefined;
    return { action: 'forward', set, count: slotSet.slots.length, affinitySeconds };
  }

  #stray(set: number, key: Iterable<number>): void {
    this.#strays++;
    const row = this.#strayRows.row(DELETE, set);
    for (const word of key) row.push(word);
  }

  #endpoint(data: Uint32Array): string {
    const width = this.#addressWidth();
    return withPort(this.#address(data.subarray(0, width)), data[width] ?? 0);
  }

  #address(words: Uint32Array): string {
    return addressText([...words]);
  }

  #addressWidth(): number {
    return this.#family === 'IPv4' ? 1 : 4;
  }
}

function slotsOf<Value>(sets: FoundSlots<Value>, word: number): Map<number, Value> {
  const known = sets.get(word);
  if (known !== undefined) return known;
  const slots = new Map<number, Value>();
  sets.set(word, slots);
  return slots;
}

/** Values of slots 0, 1, 2, ... up to the first gap. */
function inOrder<Value>(slots: ReadonlyMap<number, Value>): Value[] {
  const values: Value[] = [];
  for (let slot = 0; ; slot++) {
    const value = slots.get(slot);
    if (value === undefined) return values;
    values.push(value);
  }
}

function plainKey(id: number): string {
  return `#${id}`;
}

/** Both lists of a group are siblings. */
function affinityKey(id: number): string {
  return slotSetKey(`#group ${groupOf(id)}`, listOfNumber(id));
}

function sourceListKey(id: number): string {
  return `#${id}`;
}

/** Words that the fields take in a row. */
export function widthOf(fields: readonly FieldType[]): number {
  return fields.reduce((sum, field) => sum + (field === 'ipv6' ? 4 : 1), 0);
}
