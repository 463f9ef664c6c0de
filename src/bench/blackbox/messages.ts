/** What the processes of this benchmark are asked, and what they answer. Times are in microseconds, see clock.ts. */
import type { ClusterSize } from './cluster-plan.ts';

/** The process with the API server, or with the way to it. Where objects would stay, it deletes them when it ends. */
export type ClusterCommands = {
  /** First and once: creates everything. The cluster IPs of the services. */
  fill: { request: ClusterSize; reply: readonly string[] };
  /** Lets a node reach the API server; before that, the last one cannot any more. The kubeconfig to use there. */
  admit: { request: NodePlace; reply: string };
  /** Gives a service this endpoint in place of those that it has. When it was asked for. */
  replace: { request: { readonly service: number; readonly endpoint: number }; reply: number };
};

/** A node: the network namespace of a process. */
export interface NodePlace {
  /** A file that stands for the namespace. */
  readonly namespace: string;
}

/** The process that is a node: its network namespace, and the wire that it hangs on. */
export type NodeCommands = {
  open: { request: null; reply: NodePlace };
  /** Probes the services until each of them answered. */
  becomeReady: { request: ReadyRequest; reply: Readiness };
  /** Probes one service until the new endpoint answered; null if it did not in time. */
  awaitEndpoint: { request: AwaitRequest; reply: Answered | null };
};

export interface ReadyRequest {
  /** By number of the service. */
  readonly clusterIPs: readonly string[];
  readonly size: ClusterSize;
  /** The services that are probed, and the endpoint that each has now. */
  readonly probed: ReadonlyMap<number, number>;
  readonly timeoutMs: number;
}

export interface Readiness {
  /** When the first of the probed services answered; null if none did in time. */
  readonly firstAt: number | null;
  /** When the last service answered; null if some did not in time. */
  readonly allAt: number | null;
  /** Probed services that did not answer; all of them have to before the others are asked. */
  readonly missing: number;
}

export interface AwaitRequest {
  readonly clusterIP: string;
  readonly endpoint: number;
  readonly timeoutMs: number;
}

export interface Answered {
  /** When the answer was seen. */
  readonly at: number;
  /** From the probe before, which was not answered by it: the time may be too long by this much. */
  readonly gap: number;
}
