/** The node whose kernel is programmed, as far as it decides what a forwarding table of one family holds. */
export interface ThisNode {
  readonly name: string;
  /** Value of the zone label, not empty; undefined matches no hint (TOP-06, TOP-10). */
  readonly zone: string | undefined;
  /** The node's primary address of the family (NODE-03), canonical; undefined is not known. */
  readonly primaryAddress: string | undefined;
}

export function sameNode(a: ThisNode, b: ThisNode): boolean {
  return a.name === b.name && a.zone === b.zone && a.primaryAddress === b.primaryAddress;
}
