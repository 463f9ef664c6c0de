/**
 * A process inside a network namespace that serves and sends requests when told to:
 * `ip netns exec NAMESPACE node src/lab/agent.ts`. It ends with its stdin, so it never outlives its owner.
 */
import { createInterface } from 'node:readline';
import { probe } from './agent-probes.ts';
import type { AgentCommand, AgentReply, AgentRequest, ProbeResult } from './agent-protocol.ts';
import { type CloseServer, listen } from './agent-servers.ts';

const servers: CloseServer[] = [];

async function obey(command: AgentCommand): Promise<readonly ProbeResult[]> {
  if (command.do === 'probe') return await probe(command);
  if (command.do === 'listen') servers.push(...(await listen(command)));
  else for (const close of servers.splice(0)) close();
  return [];
}

async function reply({ id, command }: AgentRequest): Promise<AgentReply> {
  try {
    return { id, results: await obey(command) };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
}

// Ctrl-C in a terminal reaches all processes; when to end is the owner's decision.
process.on('SIGINT', () => {});

for await (const line of createInterface(process.stdin)) {
  void reply(JSON.parse(line) as AgentRequest).then((it) => process.stdout.write(`${JSON.stringify(it)}\n`));
}
process.exit(0);
