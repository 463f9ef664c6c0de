import { PROTOCOLS, type Protocol } from '../../api/objects.ts';
import type { ProgrammedFrontend, ProgrammedTable, ProgrammedTarget } from '../../delta/programmed-table.ts';
import { frontendKey } from '../../forwarding/frontend.ts';
import type { AddressReader } from '../address-reader.ts';
import { foundSetKey } from '../found-slots.ts';
import { frontendWords, PROTOCOL_NUMBER } from '../row-words.ts';
import { classOf, classSize, SET } from './layout.ts';
import type { Strays } from './strays.ts';
import { NOWHERE, readWhere, sourceListOf } from './words.ts';

/** Gives the affinity timeout of an index, in seconds. */
export type SecondsOf = (timeout: number) => number | undefined;

/** Everything that the kernel holds under one frontend's key: the word of each map (or 0 of a set) that it is in. */
interface FoundFrontend {
  readonly address: string | undefined;
  readonly protocol: Protocol;
  readonly port: number;
  readonly words: Map<number, number>;
}

const NODE_PORT_SETS = new Set<number>([
  SET.nodePorts,
  SET.outsideNodePorts,
  SET.rejectedNodePorts,
  SET.droppedNodePorts,
]);

/** The elements of the frontends in a kernel, put together. */
export class FoundFrontends {
  readonly #addresses: AddressReader;
  readonly #secondsOf: SecondsOf;
  readonly #frontends = new Map<string, FoundFrontend>();

  constructor(addresses: AddressReader, secondsOf: SecondsOf) {
    this.#addresses = addresses;
    this.#secondsOf = secondsOf;
  }

  take(set: number, key: Uint32Array, data: Uint32Array, strays: Strays): void {
    const width = NODE_PORT_SETS.has(set) ? 0 : this.#addresses.width;
    const protocol = PROTOCOLS.find((name) => PROTOCOL_NUMBER[name] === key[width]);
    const port = key[width + 1];
    if (protocol === undefined || port === undefined) {
      strays.add(set, key);
      return;
    }
    const address = width === 0 ? undefined : this.#addresses.address(key.subarray(0, width));
    this.#findOrAdd(address, protocol, port).words.set(set, data[0] ?? 0);
  }

  /** The timeouts that frontends have for the slot sets that they lead to, by the number of the set. */
  timeouts(): ReadonlyMap<number, number> {
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

  /** Adds the whole frontends to a table that has the slot sets already. `lists` are the source lists in the kernel. */
  finish(table: ProgrammedTable, lists: { has(list: number): boolean }, strays: Strays): void {
    for (const [key, found] of this.#frontends) {
      const frontend = this.#wholeFrontend(found, table, lists);
      if (frontend !== undefined) table.frontends.set(key, frontend);
      else for (const set of found.words.keys()) strays.add(set, frontendWords(found));
    }
  }

  #findOrAdd(address: string | undefined, protocol: Protocol, port: number): FoundFrontend {
    const key = frontendKey(address, protocol, port);
    const known = this.#frontends.get(key);
    if (known !== undefined) return known;
    const found = { address, protocol, port, words: new Map() };
    this.#frontends.set(key, found);
    return found;
  }

  /** Undefined if the elements of a frontend do not fit each other or what they lead to. */
  #wholeFrontend(
    { address, protocol, port, words }: FoundFrontend,
    table: ProgrammedTable,
    lists: { has(list: number): boolean },
  ): ProgrammedFrontend | undefined {
    const isNodePort = address === undefined;
    const rejected = words.has(isNodePort ? SET.rejectedNodePorts : SET.rejected);
    const dropped = words.has(isNodePort ? SET.droppedNodePorts : SET.dropped);
    if (rejected && dropped) return undefined;
    const forward = words.get(isNodePort ? SET.nodePorts : SET.frontends);
    const outsideWord = words.get(isNodePort ? SET.outsideNodePorts : SET.outside);
    const restricted = words.get(SET.restricted);
    const sourceList = restricted === undefined ? undefined : sourceListOf(restricted);
    const refusal = refusalOf(rejected, dropped);
    const inside = forward === undefined ? refusal : this.#target(forward, table);
    const outside = outsideWord === NOWHERE ? refusal : this.#maybeTarget(outsideWord, table);
    // A refusal is somebody's: of all, or of outsiders alone.
    const isRefusalUsed = refusal === undefined || inside === refusal || outside === refusal;
    const isOutsideWhole = outsideWord === undefined || outside !== undefined;
    const isListWhole = restricted === undefined || (sourceList !== undefined && lists.has(sourceList));
    if (inside === undefined || !isOutsideWhole || !isRefusalUsed || !isListWhole) return undefined;
    return { address, protocol, port, inside, outside, sourceList };
  }

  #maybeTarget(word: number | undefined, table: ProgrammedTable): ProgrammedTarget | undefined {
    return word === undefined ? undefined : this.#target(word, table);
  }

  #target(word: number, table: ProgrammedTable): ProgrammedTarget | undefined {
    const where = readWhere(word);
    if (where === undefined) return undefined;
    const { set, timeout } = where;
    const slotSet = table.slotSets.get(foundSetKey(set, timeout !== undefined));
    if (slotSet === undefined) return undefined;
    const affinitySeconds = timeout === undefined ? undefined : this.#secondsOf(timeout);
    if (affinitySeconds !== slotSet.affinity?.seconds) return undefined;
    return { action: 'forward', set, count: countOf(where.class, slotSet.slots.length), affinitySeconds };
  }
}

/**
 * A frontend that the kernel refused to alter keeps its class when its slot set goes on to another one. It still forwards,
 * so it is no stray, but it is not as it should be: the count that its word may stand for tells.
 */
function countOf(classIndex: number, slots: number): number {
  return classOf(slots) === classIndex ? slots : classSize(classIndex);
}

function refusalOf(rejected: boolean, dropped: boolean): ProgrammedTarget | undefined {
  if (rejected) return { action: 'reject' };
  return dropped ? { action: 'drop' } : undefined;
}
