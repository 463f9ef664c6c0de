import { tally } from './agent-client.ts';
import { BASKET, DNS, EMPTY, LAB_FAMILIES, type LabFamily, type LabService, WEB } from './cluster.ts';
import { notAll, notFrom, notOneServer, unevenness } from './expectations.ts';
import { GATEWAY, type Host } from './network.ts';
import type { Report } from './report.ts';
import type { Stage } from './stage.ts';

/** One thing that the lab shows, and checks. */
export type Scene = (stage: Stage, report: Report) => Promise<void>;

const REQUESTS = 300;

export const showServices: Scene = async (_stage, report) => {
  report.heading('Services');
  for (const service of [WEB, BASKET, DNS, EMPTY]) {
    const name = `${service.namespace}/${service.name}`.padEnd(18);
    const addresses = `${service.IPv4.padEnd(11)} ${service.IPv6.padEnd(15)}`;
    const pods = service.pods.length === 0 ? 'nobody' : service.pods.join(', ');
    report.line(`${name} ${addresses} ${service.port}/${service.protocol} -> ${pods}`);
  }
};

export const fromPod: Scene = async (stage, report) => {
  report.heading('Requests of a pod');
  const { client } = stage.network;
  for (const service of [WEB, DNS]) {
    for (const family of LAB_FAMILIES) {
      const results = await stage.request(client, service, family, REQUESTS);
      const problems = [...unevenness(results, service.pods), ...notFrom(results, client[family])];
      report.check(
        `${describe(service, family)}, each from a new socket: spread evenly, source kept`,
        problems,
      );
      report.bars(tally(results));
    }
  }
};

export const fromElsewhere: Scene = async (stage, report) => {
  report.heading('Requests from elsewhere');
  const { node, outside, pods } = stage.network;
  for (const family of LAB_FAMILIES) {
    const local = await stage.request(node, WEB, family, REQUESTS);
    report.check(`the node itself, ${describe(WEB, family)}`, unevenness(local, WEB.pods));
    const remote = await stage.request(outside, WEB, family, REQUESTS);
    const problems = [...unevenness(remote, WEB.pods), ...notFrom(remote, GATEWAY[family])];
    report.check(
      `outside the cluster, ${describe(WEB, family)}: masqueraded as ${GATEWAY[family]}`,
      problems,
    );
    const [first] = pods;
    const hairpin = first === undefined ? [] : await stage.request(first, WEB, family, REQUESTS);
    report.check(
      `pod-1, which is behind the service itself, ${describe(WEB, family)}`,
      unevenness(hairpin, WEB.pods),
    );
  }
};

export const fromOutside: Scene = async (stage, report) => {
  report.heading('Node ports and load balancers');
  const { outside } = stage.network;
  for (const family of LAB_FAMILIES) {
    for (const door of doorsOf(stage, WEB)) {
      const results = await stage.request(outside, door, family, REQUESTS);
      const problems = [...unevenness(results, WEB.pods), ...notFrom(results, GATEWAY[family])];
      report.check(`${describe(door, family)}, policy Cluster: any pod, masqueraded`, problems);
    }
    const seen = [];
    for (const door of doorsOf(stage, BASKET)) {
      const results = await stage.request(outside, door, family, REQUESTS);
      seen.push(...results);
      report.check(
        `${describe(door, family)}, policy Local: the source is kept`,
        notFrom(results, outside[family]),
      );
    }
    report.check(`basket ${family}, session affinity: one pod for both`, notOneServer(seen, BASKET.pods));
  }
};

/** The ways into a service from outside: the node port on the node's address, the load balancer's address. */
function doorsOf(stage: Stage, service: LabService): LabService[] {
  const { node } = stage.network;
  const { external } = service;
  if (external === undefined) return [];
  return [
    {
      ...service,
      name: `${service.name} node port`,
      IPv4: node.IPv4,
      IPv6: node.IPv6,
      port: external.nodePort,
    },
    { ...service, name: `${service.name} load balancer`, ...external.loadBalancer },
  ];
}

export const refused: Scene = async (stage, report) => {
  report.heading('A service without endpoints');
  const { client, node, outside } = stage.network;
  for (const family of LAB_FAMILIES) {
    // At the same time: Linux may miss an ICMPv6 error that comes while connect() still runs, as it can here, where
    // all hosts are one machine. Then only the second packet, a second later, is refused.
    const requests = [client, node, outside].map(async (from) => {
      const results = await stage.request(from, EMPTY, family, 3);
      return notAll(results, 'ECONNREFUSED').map((problem) => `${from.name}: ${problem}`);
    });
    const problems = (await Promise.all(requests)).flat();
    report.check(`refused to a pod, the node and outside: ${describe(EMPTY, family)}`, problems);
  }
};

export const endpointsChange: Scene = async (stage, report) => {
  report.heading('Endpoints come and go');
  const [, leaving = ''] = WEB.pods;
  const left = { ...WEB, pods: WEB.pods.filter((name) => name !== leaving) };
  await change(stage, report, `${leaving} leaves ${WEB.name}`, left);
  await change(stage, report, `${leaving} comes back`, WEB);
};

/** Changes the pods behind a service; shows how long it took, and that requests go where they should. */
async function change(stage: Stage, report: Report, what: string, service: LabService): Promise<void> {
  const seen = Promise.all([stage.daemon.changedInKernel(), stage.daemon.synced()]);
  const start = stage.manifests.put(service);
  const [kernel, log] = (await seen).map((time) => `${(time - start).toFixed(1)} ms`);
  report.line(`${what}: file to kernel ${kernel}, to the daemon's log ${log} (both families)`);
  for (const family of LAB_FAMILIES) {
    const results = await stage.request(stage.network.client, service, family, REQUESTS);
    report.check(describe(service, family), unevenness(results, service.pods));
    report.bars(tally(results));
  }
}

export const SCENES: readonly Scene[] = [
  showServices,
  fromPod,
  fromElsewhere,
  fromOutside,
  refused,
  endpointsChange,
];

function describe(service: LabService, family: LabFamily): string {
  const address = family === 'IPv6' ? `[${service.IPv6}]` : service.IPv4;
  return `${service.name} ${address}:${service.port}/${service.protocol}`;
}

/** The counts of a few requests of a host to the web service, in one line. */
export async function summary(stage: Stage, from: Host): Promise<string> {
  const parts = LAB_FAMILIES.map(async (family) => {
    const counts = tally(await stage.request(from, WEB, family, 60));
    const sorted = Object.entries(counts).toSorted(([a], [b]) => a.localeCompare(b));
    return `${family} ${sorted.map(([name, count]) => `${name} ${count}`).join('  ')}`;
  });
  return (await Promise.all(parts)).join('  |  ');
}
