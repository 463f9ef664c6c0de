const DECIMAL = /^[1-9]\d*$/;

/**
 * Whether a version is surely older than another of the same resource. Versions are opaque, but since Kubernetes 1.35
 * they may be compared as decimal numbers where they are such (KEP-5504).
 */
export function isOlder(version: string, other: string): boolean {
  if (!DECIMAL.test(version) || !DECIMAL.test(other)) return false;
  return version.length === other.length ? version < other : version.length < other.length;
}
