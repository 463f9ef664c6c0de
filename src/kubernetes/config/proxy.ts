/** HTTP proxies by environment, as Go programs understand it (golang.org/x/net/http/httpproxy). */
import { BlockList, isIP, isIPv6 } from 'node:net';

/** The proxy to reach a server by; undefined for a direct connection. `override` is the kubeconfig's `proxy-url`. */
export function proxyFor(server: URL, env: NodeJS.ProcessEnv, override?: string): string | undefined {
  if (override) return override;
  const host = server.hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || isLoopback(host)) return undefined;
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = env[name] || env[name.toLowerCase()];
  if (!proxy || isExcepted(host, server.port, env['NO_PROXY'] || env['no_proxy'] || '')) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function isExcepted(host: string, port: string, noProxy: string): boolean {
  const entries = noProxy.split(',').map((entry) => entry.trim().toLowerCase());
  return entries.some((entry) => entry !== '' && matches(entry, host.toLowerCase(), port));
}

/** `*`, an address, a CIDR, a domain with all below it, `.domain` with only those; each with a port or not. */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInside(entry, host);
  const [, name = entry, entryPort] = /^(.*[^:]):(\d+)$/.exec(isIPv6(entry) ? '' : entry) ?? [];
  if (entryPort !== undefined && entryPort !== port) return false;
  const bare = name.replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '');
  return host === bare || host.endsWith(bare.startsWith('.') ? bare : `.${bare}`);
}

function isInside(cidr: string, host: string): boolean {
  const [address = '', length = ''] = cidr.split('/');
  const family = isIP(host) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(host) === 0 || isIP(address) !== isIP(host) || !/^\d{1,3}$/.test(length)) return false;
  if (Number(length) > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(length), family);
  return list.check(host, family);
}
