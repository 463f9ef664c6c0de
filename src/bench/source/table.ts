import type { DecodeResult, Result, Throughput } from './result.ts';

const WIDTH = 11;

type Cell = number | string;

/** The tables for people, with what they mean. */
export function sourceTables(result: Result): string {
  return [decodeTable(result.decode), startTable(result), changeTable(result)].join('\n');
}

function decodeTable(results: readonly DecodeResult[]): string {
  const cells = ({ objects_per_s, mb_per_s }: Throughput): Cell[] => [objects_per_s, mb_per_s];
  const rows = results.map((it) => [
    it.form,
    it.endpoints,
    ...cells(it.protobuf),
    ...cells(it.json_parse),
    ...cells(it.json),
    it.protobuf_to_json_parse.toFixed(2),
  ]);
  const unit = ['objects/s', 'MB/s'];
  return table(
    'decoding EndpointSlices',
    [
      ['', 'endpoints', 'protobuf', '', 'JSON.parse', '', 'JSON', '', 'protobuf'],
      ['', 'a slice', ...unit, ...unit, ...unit, 'x parse'],
    ],
    rows,
    `
protobuf    bytes to checked objects; JSON: the same from JSON
x parse     objects in a second for each that JSON.parse does; MB/s are those of each encoding
`,
  );
}

function startTable({ services, endpoints, start }: Result): string {
  return table(
    `start to synced, ${services} services with ${endpoints} endpoints each`,
    [
      ['synced', 'listed', 'daemon', 'server', 'memory', 'peak'],
      ['ms', 'ms', 'CPU ms', 'CPU ms', 'MB', 'MB'],
    ],
    [
      [
        start.synced_ms,
        start.listed_ms,
        start.daemon_cpu_ms,
        start.server_cpu_ms,
        start.rss_mb,
        start.memory.peak_mb,
      ],
    ],
    `
synced      from start() to everything committed in nftables, by way of listed: all objects there, decoded;
            the embedded server is on the same machine and has encoded its objects before
server      CPU time of the server's process in that time; the daemon waits for it where there is one core
memory      resident right after that; nobody asked for a garbage collection. Medians of ${start.n} starts
`,
  );
}

function changeTable({ services, endpoints, change, burst }: Result): string {
  const latencies = {
    'sent to committed': change.sent_to_committed,
    'read to committed': change.read_to_committed,
  };
  const rows = Object.entries(latencies).map(([name, { n, p50_us, p90_us, p99_us, max_us }]) => {
    const [from = ''] = name.split(' ');
    return [from, n, p50_us, p90_us, p99_us, max_us, change.cpu_us];
  });
  const { changes, sent_to_committed_ms, read_to_committed_ms, cpu_us, transactions } = burst;
  return table(
    `one endpoint of a slice of ${endpoints} replaced, with ${services} services`,
    [
      ['from', 'changes', 'p50', 'p90', 'p99', 'max', 'CPU'],
      ['', '', 'us', 'us', 'us', 'us', 'us'],
    ],
    rows,
    `
sent        from the server's write of the watch event to committed in nftables: with the loopback connection
            and the daemon being woken up; read: from when the daemon had read the bytes
CPU         of the daemon's process for each change, all in

${changes} changes at once: ${sent_to_committed_ms.toFixed(1)} ms from sent, ${read_to_committed_ms.toFixed(1)} ms from the first bytes read to the last commit, in ${transactions} transactions; ${cpu_us.toFixed(1)} us of CPU each
`,
  );
}

function table(title: string, head: readonly Cell[][], rows: readonly Cell[][], legend: string): string {
  return `${title}\n\n${[...head, ...rows].map(line).join('\n')}\n${legend}`;
}

function line(cells: readonly Cell[]): string {
  return cells.map(cellText).join('').trimEnd();
}

function cellText(cell: Cell): string {
  const text = typeof cell === 'string' || Number.isInteger(cell) ? String(cell) : cell.toFixed(1);
  return text.padStart(WIDTH);
}
