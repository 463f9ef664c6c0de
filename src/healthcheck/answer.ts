/** What a load balancer is told. */
export interface Answer {
  readonly status: 200 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Status (HC-03), headers and body (HC-04); `service` is `namespace/name`. */
export function answerOf(service: string, localEndpoints: number, isProxyHealthy: boolean): Answer {
  const [namespace, name] = service.split('/');
  const content = { service: { namespace, name }, localEndpoints, serviceProxyHealthy: isProxyHealthy };
  const body = JSON.stringify(content, null, '\t');
  return {
    status: localEndpoints > 0 && isProxyHealthy ? 200 : 503,
    headers: {
      'Content-Type': 'application/json',
      'X-Content-Type-Options': 'nosniff',
      'X-Load-Balancing-Endpoint-Weight': String(localEndpoints),
      'Content-Length': String(Buffer.byteLength(body)),
    },
    body,
  };
}
