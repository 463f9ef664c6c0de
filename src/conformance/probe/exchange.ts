import { NODE, type PacketProbe } from '../../native/packet-probe.ts';
import { withPort } from '../../net/address.ts';
import type { NodeNetwork } from '../node/node-network.ts';
import { arrivalOf } from '../node/plan-network.ts';
import { buildPacket } from '../packets/build.ts';
import type { Packet } from '../packets/packet.ts';
import { parsePacket, type Seen } from '../packets/parse.ts';
import type { FirstPacket } from '../vectors/vector.ts';

/** A packet that was sent, and all that turned up because of it. */
export interface Trial {
  readonly request: Packet;
  /** A process of the node sent it. */
  readonly isFromNode: boolean;
  /** What a process of the node was told when it sent it, such as "EPERM". */
  readonly refusal: string | undefined;
  readonly sightings: readonly PacketSighting[];
}

export interface PacketSighting {
  /** Number of the interface that it left by, or {@link NODE}: it was delivered to the node. */
  readonly interface: number;
  readonly seen: Seen;
}

/** Packets that are under way at once: far fewer than the queues of interfaces and sockets hold. */
const BATCH = 32;

/** Of our connections; below are the ports of services, above those that masquerading prefers for itself. */
const FIRST_PORT = 10_000;
const LAST_PORT = 60_000;

/** Sends first packets of connections to a node, each as a new connection, and sees what becomes of them. */
export class Exchange {
  readonly #network: NodeNetwork;
  readonly #translatesAtSockets: boolean;
  readonly #probe: PacketProbe;
  readonly #trials = new Map<number, PacketSighting[]>();
  #port = FIRST_PORT;
  #id = 0;

  /** See {@link NodeProxy.translatesAtSockets}. */
  constructor(network: NodeNetwork, translatesAtSockets = false) {
    this.#network = network;
    this.#translatesAtSockets = translatesAtSockets;
    this.#probe = network.probe;
  }

  /** Sends a packet so many times, each from another source port. */
  send(packet: FirstPacket, times: number): Trial[] {
    const trials: Trial[] = [];
    while (trials.length < times) {
      const count = Math.min(BATCH, times - trials.length);
      for (let i = 0; i < count; i++) trials.push(this.#start(packet));
      this.#collect();
    }
    return trials;
  }

  /**
   * Lets the endpoint answer a request that was forwarded to it. Tells what is wrong with what the sender sees of it:
   * the answer must come from where the request was sent to, or, if the socket of the sender was connected to the endpoint
   * itself, from there. What was delivered to the node is left to the node.
   */
  answer(trial: Trial, { interface: where, seen }: PacketSighting): string | undefined {
    if (seen.kind !== 'request' || where === NODE) return undefined;
    this.#probe.inject(where, buildPacket(answerTo(seen)));
    this.#collect();
    const wanted = [answerTo(trial.request), ...(this.#isOfSocket(trial, seen) ? [answerTo(seen)] : [])].map(
      endsOf,
    );
    const answers = trial.sightings.flatMap((it) => (it.seen.kind === 'answer' ? [it.seen] : []));
    if (answers.some((it) => wanted.includes(endsOf(it)))) return undefined;
    return answers.length === 0 ? 'no answer' : `an answer ${answers.map(endsOf).join(' and ')}`;
  }

  /** Whether a request left the socket of a process as it was seen. */
  #isOfSocket({ request, isFromNode }: Trial, { source, sourcePort }: Packet): boolean {
    const isUnchanged = source === request.source && sourcePort === request.sourcePort;
    return this.#translatesAtSockets && isFromNode && isUnchanged;
  }

  #start(packet: FirstPacket): Trial {
    const request = this.#request(packet);
    const sightings: PacketSighting[] = [];
    this.#trials.set(request.id, sightings);
    const bytes = buildPacket(request);
    const arrival = arrivalOf(packet, this.#network.plan);
    if (arrival === undefined)
      return { request, isFromNode: true, refusal: this.#probe.send(bytes), sightings };
    this.#probe.inject(arrival, bytes);
    return { request, isFromNode: false, refusal: undefined, sightings };
  }

  #request({ protocol, sourceIP, destIP, destPort }: FirstPacket): Packet {
    this.#id++;
    this.#port = this.#port === LAST_PORT ? FIRST_PORT : this.#port + 1;
    return {
      kind: 'request',
      transport: protocol,
      source: sourceIP,
      sourcePort: this.#port,
      destination: destIP,
      destinationPort: destPort,
      id: this.#id,
    };
  }

  #collect(): void {
    for (const { interface: where, packet } of this.#probe.collect()) {
      const seen = parsePacket(packet);
      if (seen !== undefined) this.#trials.get(seen.id)?.push({ interface: where, seen });
    }
  }
}

function answerTo(request: Packet): Packet {
  return {
    kind: 'answer',
    transport: request.transport,
    source: request.destination,
    sourcePort: request.destinationPort,
    destination: request.source,
    destinationPort: request.sourcePort,
    id: request.id,
  };
}

function endsOf({ source, sourcePort, destination, destinationPort }: Packet): string {
  return `from ${withPort(source, sourcePort)} to ${withPort(destination, destinationPort)}`;
}
