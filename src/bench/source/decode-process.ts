/** The process that decodes, with the flags of the daemon and nothing else in memory. Talks with child.ts. */

import { serve } from '../../process/serve.ts';
import { measureDecode } from './decode.ts';
import type { DecodeCommands } from './messages.ts';

serve<DecodeCommands>({ decode: measureDecode });
