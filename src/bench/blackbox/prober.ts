import { buildPacket } from '../../conformance/packets/build.ts';
import type { Packet } from '../../conformance/packets/packet.ts';
import { parsePacket } from '../../conformance/packets/parse.ts';
import type { PacketProbe } from '../../native/packet-probe.ts';
import { addressText } from '../../net/address.ts';
import { endpointOf, FIRST_PROBING_POD, SERVICE_PORT, TARGET_PORT } from './cluster-plan.ts';
import { PODS, UPLINK } from './node-network.ts';

/** A service, and whether an endpoint is one that is waited for. */
export interface Target {
  readonly clusterIP: string;
  readonly isWanted: (endpoint: number) => boolean;
}

const FIRST_PORT = 10_000;
const PORTS = 50_000;
const PODS_IN_TURN = 200;

/** A connection that was asked for. */
interface Trial {
  readonly target: number;
  readonly request: Packet;
}

/**
 * Asks services for connections, as a pod of the node would, and plays the endpoint that gets to see the request. Only what is on
 * the wire counts.
 */
export class Prober {
  readonly #probe: PacketProbe;
  #sent = 0;

  constructor(probe: PacketProbe) {
    this.#probe = probe;
  }

  /** Asks each target once, with a connection of its own. The numbers of those that a wanted endpoint answered. */
  ask(targets: readonly Target[]): number[] {
    const trials = new Map<number, Trial>();
    for (const [target, { clusterIP }] of targets.entries()) {
      const request = this.#nextRequest(clusterIP);
      trials.set(request.id, { target, request });
      this.#probe.inject(PODS, buildPacket(request));
    }
    this.#answerRequests(targets, trials);
    return this.#answered(trials);
  }

  /** Requests that came out at the uplink for a wanted endpoint. */
  #answerRequests(targets: readonly Target[], trials: ReadonlyMap<number, Trial>): void {
    for (const { interface: where, packet } of this.#probe.collect()) {
      if (where !== UPLINK) continue;
      const seen = parsePacket(packet);
      if (seen?.kind !== 'request' || seen.destinationPort !== TARGET_PORT) continue;
      const trial = trials.get(seen.id);
      if (trial === undefined) continue;
      if (targets[trial.target]?.isWanted(endpointOf(seen.destination)))
        this.#probe.inject(UPLINK, buildPacket(answerTo(seen)));
    }
  }

  /** Answers that came out at the pods, from the address that the pod had asked. */
  #answered(trials: ReadonlyMap<number, Trial>): number[] {
    return this.#probe.collect().flatMap(({ interface: where, packet }) => {
      const seen = where === PODS ? parsePacket(packet) : undefined;
      if (seen?.kind !== 'answer') return [];
      const trial = trials.get(seen.id);
      return trial !== undefined && isAnswerTo(trial.request, seen) ? [trial.target] : [];
    });
  }

  /** Each from another port of another pod: the kernel must not take it for part of an earlier connection. */
  #nextRequest(destination: string): Packet {
    const number = this.#sent++;
    return {
      kind: 'request',
      transport: 'TCP',
      source: addressText([FIRST_PROBING_POD + (number % PODS_IN_TURN)]),
      sourcePort: FIRST_PORT + (Math.floor(number / PODS_IN_TURN) % PORTS),
      destination,
      destinationPort: SERVICE_PORT,
      id: number % 2 ** 32,
    };
  }
}

function answerTo(request: Packet): Packet {
  return {
    ...request,
    kind: 'answer',
    source: request.destination,
    sourcePort: request.destinationPort,
    destination: request.source,
    destinationPort: request.sourcePort,
  };
}

function isAnswerTo(request: Packet, answer: Packet): boolean {
  return (
    answer.source === request.destination &&
    answer.sourcePort === request.destinationPort &&
    answer.destination === request.source &&
    answer.destinationPort === request.sourcePort
  );
}
