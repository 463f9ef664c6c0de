/** Beyond this, a proxy in between is more likely broken than wise. */
const LONGEST = 300_000;

/** `Retry-After` (seconds or a date) in milliseconds from now; undefined if there is none that makes sense. */
export function retryAfterOf(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) || wait < 0 ? undefined : Math.min(wait, LONGEST);
}
