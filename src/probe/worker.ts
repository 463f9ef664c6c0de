/**
 * The process that tries: it has a network namespace of its own, so that whatever it programs is gone with it. Talks with
 * probe.ts.
 */
import { loadAddon } from '../native/addon.ts';
import { serve } from '../process/serve.ts';
import { ebpfFeatures } from './ebpf.ts';
import { type BackendReport, tryAll } from './feature.ts';
import type { Commands } from './messages.ts';
import { nftablesFeatures } from './nftables.ts';

serve<Commands>({
  probe: async (): Promise<readonly BackendReport[]> => {
    loadAddon().enterNewNetworkNamespace();
    return [await tryAll('nftables', nftablesFeatures()), await tryAll('ebpf', ebpfFeatures())];
  },
});
