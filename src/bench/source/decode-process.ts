/** The process that decodes, with the flags of the daemon and nothing else in memory. Talks with child.ts. */
import { measureDecode } from './decode.ts';
import type { DecodeCommands } from './messages.ts';
import { serve } from './serve.ts';

serve<DecodeCommands>({ decode: measureDecode });
