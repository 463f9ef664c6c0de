import { Failure } from './failure.mjs';

/** Throws one line that says how to start again if the user is not root. */
export function requireRoot() {
  if (process.getuid?.() === 0) return;
  throw new Failure(`needs root (network namespaces, nftables): run sudo ${commandLine()}`);
}

function commandLine() {
  const script = process.env['npm_lifecycle_event'] ?? 'start';
  return script === 'start' || script === 'test' ? `npm ${script}` : `npm run ${script}`;
}
