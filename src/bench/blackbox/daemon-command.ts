import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '../../process/child.ts';
import { POD_CIDR } from './cluster-plan.ts';
import { NODE } from './objects.ts';

/** A program that is measured. */
export interface DaemonCommand {
  readonly name: string;
  /** For a shell, with the placeholders of {@link filledIn}. */
  readonly command: string;
}

const PROGRAM = fileURLToPath(new URL('../../../bin/nodeplane.js', import.meta.url));

/** nodeplane as its users run it, with the Node that runs this. */
export const NODEPLANE: DaemonCommand = {
  name: 'nodeplane',
  command: `'${process.execPath}' ${NODE_FLAGS.join(' ')} '${PROGRAM}' run --kubeconfig {kubeconfig} --hostname-override {node} --cluster-cidr {cluster-cidr}`,
};

/** Where the daemon finds its kubeconfig, in its own view of the file system. */
export const KUBECONFIG = '/run/kubeconfig';

/** The command with what is the same for all daemons in place of {kubeconfig}, {node} and {cluster-cidr}. */
export function filledIn(command: string): string {
  return command
    .replaceAll('{kubeconfig}', KUBECONFIG)
    .replaceAll('{node}', NODE)
    .replaceAll('{cluster-cidr}', POD_CIDR);
}
