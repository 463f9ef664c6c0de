/** An interface whose wire is in our hands. It has neither ARP nor neighbour discovery: every host is on its link. */
export interface ProbeInterface {
  /** 1 to 15 bytes. */
  readonly name: string;
  /** Addresses of the node. */
  readonly addresses: readonly string[];
  /** Ranges that are routed to it, each as `address/length`. */
  readonly routes: readonly string[];
}

/** A connection as conntrack knows it: who called whom, and who answers. */
export interface TrackedFlow {
  /** Of the IP header. */
  readonly protocol: number;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  /** Equal to the destination if it is not translated. */
  readonly endpoint: string;
  readonly endpointPort: number;
}

/** {@link Sighting.interface} of what was delivered to the node itself. */
export const NODE = -1;

export interface Sighting {
  /** Number of the interface that the kernel sent it out of, or {@link NODE}. */
  readonly interface: number;
  /** From its IP header on. Of what was delivered to the node, checksums may not have been filled in. */
  readonly packet: Uint8Array;
}

/**
 * Packets in and out of the network namespace that the process was in when this was made. It has interfaces whose wire is in
 * our hands (they last as long as the namespace), and sees what is delivered to the node whether or not anybody listens.
 *
 * Everything is done on the JS thread, in some microseconds. Throws {@link KernelError}, RangeError, TypeError.
 */
export interface PacketProbe {
  /** Lets an IP packet arrive through an interface, which must be up. The kernel has dealt with it on return. */
  inject(interfaceNumber: number, packet: Uint8Array): void;
  /**
   * Makes a process of the node send such a packet: TCP and UDP from an ordinary socket, whose connection request or
   * datagram it describes; others as they are. Returns the errno that the process is told, such as "EPERM". Throws if the
   * process cannot even try, such as from an address that the node does not have.
   */
  send(packet: Uint8Array): string | undefined;
  /** Waits until the node has dealt with all that was sent; then everything that turned up since the last time. */
  collect(): Sighting[];
  /** Puts a connection into the conntrack table. */
  track(flow: TrackedFlow): void;
  /** Whether the conntrack table has a connection from its source to its destination. */
  isTracked(flow: TrackedFlow): boolean;
  /** May be called again. */
  close(): void;
}
