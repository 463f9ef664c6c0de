/**
 * Where the API server is and how to prove who we are.
 *
 * The kubeconfig is read with the parsers of @kubernetes/client-node, but not with its KubeConfig class: that one
 * loads the generated client of all of Kubernetes (0.6 s and 80 MB of memory), and does not know `tokenFile`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type Cluster,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from '@kubernetes/client-node/dist/config_types.js';
import { parse } from 'yaml';
import { type Fields, isFields } from '../../api/fields.ts';
import { inClusterConfig } from './in-cluster.ts';

/** File names in it are absolute. */
export interface ClusterConfig {
  readonly cluster: Cluster;
  readonly user: User;
  readonly tokenFile?: string;
}

export interface ConnectionOptions {
  /** A kubeconfig file. */
  readonly kubeconfig?: string;
  /** URL of the API server; overrides the one in the kubeconfig. */
  readonly master?: string;
}

/** Reads the configuration; with neither file nor URL, that of the pod we run in. Throws naming what is wrong. */
export function loadClusterConfig(options: ConnectionOptions): ClusterConfig {
  const { kubeconfig, master } = options;
  const config = kubeconfig === undefined ? undefined : readKubeconfig(kubeconfig);
  if (master === undefined) return config ?? inClusterConfig(process.env);
  const server = checkedUrl(master, '--master');
  return {
    ...config,
    cluster: { name: 'master', skipTLSVerify: false, ...config?.cluster, server },
    user: config?.user ?? { name: 'anonymous' },
  };
}

function readKubeconfig(file: string): ClusterConfig {
  try {
    const value: unknown = parse(readFileSync(file, 'utf8'));
    if (!isFields(value)) throw new Error('is no object');
    return currentContext(value, path.dirname(path.resolve(file)));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot use kubeconfig ${file}: ${reason}`, { cause });
  }
}

function currentContext(config: Fields, directory: string): ClusterConfig {
  const name = config['current-context'];
  const context = newContexts(config['contexts']).find((it) => it.name === name);
  if (context === undefined) throw new Error(`current-context "${String(name ?? '')}" is not in contexts`);
  const cluster = newClusters(config['clusters']).find((it) => it.name === context.cluster);
  if (cluster === undefined)
    throw new Error(`cluster "${context.cluster}" of context "${context.name}" is not in clusters`);
  const user = newUsers(config['users']).find((it) => it.name === context.user);
  if (user === undefined && context.user)
    throw new Error(`user "${context.user}" of context "${context.name}" is not in users`);
  checkedUrl(cluster.server, 'server');
  const tokenFile = absolute(directory, tokenFileOf(config['users'], context.user));
  return {
    cluster: withAbsoluteFiles(directory, cluster, ['caFile']),
    user: withAbsoluteFiles(directory, user ?? { name: 'anonymous' }, ['certFile', 'keyFile']),
    ...(tokenFile !== undefined && { tokenFile }),
  };
}

/** `tokenFile` of a user; the parser of client-node looks for `token-file`, which no kubeconfig has. */
function tokenFileOf(users: unknown, name: string): string | undefined {
  if (!Array.isArray(users)) return undefined;
  const entry = users.find((it: unknown) => isFields(it) && it['name'] === name);
  const file = isFields(entry) && isFields(entry['user']) ? entry['user']['tokenFile'] : undefined;
  return typeof file === 'string' ? file : undefined;
}

function withAbsoluteFiles<Section extends Cluster | User>(
  directory: string,
  section: Section,
  keys: readonly (keyof Section & string)[],
): Section {
  const files = keys.map((key) => [key, absolute(directory, section[key])]);
  return { ...section, ...Object.fromEntries(files) };
}

/** Relative file names are relative to the kubeconfig. */
function absolute(directory: string, file: unknown): string | undefined {
  return typeof file === 'string' && file !== '' ? path.resolve(directory, file) : undefined;
}

function checkedUrl(text: string, what: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return text;
  throw new Error(`${what}: "${text}" is not a URL such as https://10.0.0.1:6443`);
}
