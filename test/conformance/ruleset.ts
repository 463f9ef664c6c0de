import type { StartProxy } from '../../src/conformance/node/proxy.ts';
import { NFT, run } from '../../src/lab/command.ts';

/** A service proxy written by hand, chain by chain: what a test puts in the place of nodeplane. */
export interface Ruleset {
  readonly prerouting: string;
  readonly output: string;
  readonly postrouting: string;
  /** Of the filter hooks of forwarded, delivered and sent packets. */
  readonly forward: string;
  readonly input: string;
  readonly outputFilter: string;
  /** Before connections are tracked. */
  readonly raw: string;
}

export const NO_RULES: Ruleset = {
  prerouting: '',
  output: '',
  postrouting: '',
  forward: '',
  input: '',
  outputFilter: '',
  raw: '',
};

/** Loads it into the namespace that the process is in, once it is asked to start. */
export function proxyOf(family: 'ip' | 'ip6', ruleset: Ruleset, sets = ''): StartProxy {
  const text = `table ${family} by-hand {
    ${sets}
${chain('raw', 'filter', 'prerouting', 'raw', ruleset.raw)}
${chain('prerouting', 'nat', 'prerouting', 'dstnat', ruleset.prerouting)}
${chain('output', 'nat', 'output', '-100', ruleset.output)}
${chain('postrouting', 'nat', 'postrouting', 'srcnat', ruleset.postrouting)}
${chain('forward', 'filter', 'forward', 'filter', ruleset.forward)}
${chain('input', 'filter', 'input', 'filter', ruleset.input)}
${chain('output-filter', 'filter', 'output', 'filter', ruleset.outputFilter)}
  }
`;
  return async () => {
    await run(NFT, ['-f', '-'], text);
    return { hasAffinity: false, forgetAffinity: async () => {}, close() {} };
  };
}

function chain(name: string, type: string, hook: string, priority: string, rules: string): string {
  return `    chain ${name} {
      type ${type} hook ${hook} priority ${priority}
      ${rules}
    }`;
}
