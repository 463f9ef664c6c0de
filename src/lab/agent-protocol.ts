/** What an agent is asked, one JSON value a line on its stdin, and what it answers on its stdout. */

/** Protocols that Node has sockets for. */
export type AgentProtocol = 'TCP' | 'UDP';

export interface ListenCommand {
  readonly do: 'listen';
  readonly protocol: AgentProtocol;
  readonly addresses: readonly string[];
  readonly port: number;
  /** What the server calls itself; with several addresses, `{address}` stands for the one that was reached. */
  readonly name: string;
}

export interface CloseCommand {
  readonly do: 'close';
}

export interface ProbeCommand {
  readonly do: 'probe';
  readonly protocol: AgentProtocol;
  readonly address: string;
  readonly port: number;
  /** How many requests, each on a new socket with a source port of its own. */
  readonly count: number;
  /** Local address; the kernel's choice if not given. */
  readonly source?: string;
  readonly timeoutMs: number;
  /** How many at the same time. */
  readonly concurrency: number;
}

export type AgentCommand = ListenCommand | ProbeCommand | CloseCommand;

/** Who answered, and the client's address and port as that server saw them. */
export interface Answer {
  readonly name: string;
  readonly client: string;
  readonly port: number;
}

/** An answer, or the code of the error: ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, EACCES ... */
export type ProbeResult = Answer | { readonly error: string };

export interface AgentRequest {
  readonly id: number;
  readonly command: AgentCommand;
}

export type AgentReply =
  | { readonly id: number; readonly results: readonly ProbeResult[] }
  | { readonly id: number; readonly failure: string };

/** How servers say it on the wire: a line of JSON. */
export function encodeAnswer(name: string, client = '', port = 0): string {
  return `${JSON.stringify({ name, client, port } satisfies Answer)}\n`;
}

export function decodeAnswer(text: string): Answer {
  const { name, client, port } = JSON.parse(text) as Partial<Answer>;
  if (name === undefined || client === undefined || port === undefined)
    throw new Error(`not an answer: ${text}`);
  return { name, client, port };
}
