/** Paths that are no resources: health, version, discovery, OpenAPI. */
import { methodNotAllowed } from '../errors.ts';
import { aggregated, apiGroup, apiGroupList, apiResourceList, apiVersions } from './discovery.ts';
import { type Answer, type Exchange, jsonAnswer, textAnswer } from './exchange.ts';
import { parseAccept } from './negotiate.ts';
import { openApiDocument, openApiIndex } from './openapi.ts';
import { openApiV2 } from './openapi-v2.ts';

/** The version whose behaviour this server follows; it says itself that it is not that server. */
export const VERSION = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.2-nodeplane-embedded',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'linux/amd64',
};

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Answers a path that is no resource, or undefined if there is none such. */
export function serveOther(exchange: Exchange): Answer | undefined {
  const path = exchange.url.pathname.replace(/\/+$/, '');
  const answer = answerTo(exchange, path);
  if (answer !== undefined && exchange.method !== 'GET') throw methodNotAllowed();
  return answer;
}

function answerTo(exchange: Exchange, path: string): Answer | undefined {
  if (/^\/(healthz|livez|readyz)(\/ping)?$/.test(path)) return textAnswer('ok');
  if (path === '/version') return jsonAnswer(VERSION);
  if (path === '/openapi/v2') return openApiV2(exchange);
  if (path === '/openapi/v3') return jsonAnswer(openApiIndex());
  if (path.startsWith('/openapi/v3/')) return found(openApiDocument(path.slice('/openapi/v3/'.length)));
  return discovery(exchange, path);
}

function discovery(exchange: Exchange, path: string): Answer | undefined {
  const isRoot = path === '/api' || path === '/apis';
  if (isRoot && wantsAggregated(exchange))
    return { ...jsonAnswer(aggregated(path === '/api')), mediaType: AGGREGATED };
  if (path === '/api') return jsonAnswer(apiVersions(exchange.header('host') ?? ''));
  if (path === '/apis') return jsonAnswer(apiGroupList());
  const [, root, first, second, ...more] = path.split('/');
  if (more.length > 0 || first === undefined) return undefined;
  if (root === 'api' && second === undefined) return found(apiResourceList(first));
  if (root !== 'apis') return undefined;
  return found(second === undefined ? apiGroup(first) : apiResourceList(`${first}/${second}`));
}

function wantsAggregated(exchange: Exchange): boolean {
  const ranges = parseAccept(exchange.header('accept'));
  return ranges.some(
    ({ parameters }) => parameters.get('as') === 'APIGroupDiscoveryList' && parameters.get('v') === 'v2',
  );
}

function found(value: object | undefined): Answer | undefined {
  return value === undefined ? undefined : jsonAnswer(value);
}
