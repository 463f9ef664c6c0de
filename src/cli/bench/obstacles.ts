/** Says why it cannot run; the exit code. */
export function refuse(obstacle: string): number {
  process.stderr.write(`nodeplane bench: ${obstacle}\n`);
  return 1;
}

export const NEEDS_ROOT = 'it makes network namespaces, so it must run as root: use sudo';

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
