/** Manifests for the tests, written as people write them. */

export function service(name: string, port: number | string = 80): string {
  return `apiVersion: v1
kind: Service
metadata:
  namespace: shop
  name: ${name}
spec:
  clusterIP: 10.96.0.10
  ports:
  - port: ${port}
`;
}

/** The line of a service's port, from 1. */
export const PORT_LINE = 9;

export function documents(...texts: readonly string[]): string {
  return texts.join('---\n');
}
