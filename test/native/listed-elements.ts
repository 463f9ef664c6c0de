import { nft } from '../helpers/nft-judge.ts';

interface Listing {
  readonly nftables: readonly { readonly set?: Elements; readonly map?: Elements }[];
}

interface Elements {
  readonly elem?: readonly unknown[];
}

/** The elements of a set or map of the table, each as the JSON that nft prints, sorted. */
export async function listedElements(
  namespace: string,
  kind: 'set' | 'map',
  family: string,
  name: string,
): Promise<string[]> {
  const listing: Listing = JSON.parse(await nft(namespace, '-j', 'list', kind, family, 'nodeplane', name));
  const elements = listing.nftables.flatMap((entry) => entry[kind]?.elem ?? []);
  return elements.map((element) => JSON.stringify(element)).sort();
}
