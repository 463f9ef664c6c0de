/**
 * Which names Kubernetes allows. They end up in comments and set names of kernel tables, hence the check here.
 *
 * Source: staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go.
 */
import type { FieldErrors } from './field-errors.ts';
import { isNot } from './values.ts';

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?$/;

/** A name of a namespace or a port: a DNS label. */
export function checkLabelName(name: string, key: string, errors: FieldErrors): void {
  if (name.length > 63 || !LABEL.test(name)) {
    errors.add(isNot(name, 'a DNS label (at most 63 of a-z, 0-9, "-")'), key);
  }
}

/** A name of an object. Services are narrower than this in Kubernetes; for a table it makes no difference. */
export function checkObjectName(name: string, key: string, errors: FieldErrors): void {
  if (name.length > 253 || !SUBDOMAIN.test(name)) {
    errors.add(isNot(name, 'a DNS name (at most 253 of a-z, 0-9, "-", ".")'), key);
  }
}
