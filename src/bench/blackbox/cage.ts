/**
 * How a daemon is started: as on a node of its own. It has the network namespace of the node; a mount namespace, where /sys is that
 * of the node, /sys/fs/bpf and /run are empty; a PID namespace, so that all of its processes end with it; and a
 * control group, which is the root of those that it sees.
 */
import { KUBECONFIG } from './daemon-command.ts';

export interface Cage {
  /** File that stands for the network namespace. */
  readonly network: string;
  readonly controlGroup: string;
}

/** What is said on the descriptor {@link READY_FD} when the daemon is about to start, and waits for a line of input. */
export const READY_FD = 3;

const ENTER = `
set -e
echo $$ > "$1"/cgroup.procs
exec nsenter --net="$2" unshare --mount --pid --cgroup --fork --kill-child=KILL --mount-proc /bin/sh -c "$3" sh "$4"
`;

/** Kernels may lack BPF, and a peer that needs it will say so. All is done before the daemon's time and CPU time begin. */
const FURNISH = `
set -e
mount -t sysfs sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t bpf bpf /sys/fs/bpf 2>/dev/null || :
mount -t tmpfs tmpfs /run
printf %s "$KUBECONFIG_TEXT" > ${KUBECONFIG}
unset KUBECONFIG_TEXT
echo ready >&${READY_FD}
read -r go
exec </dev/null ${READY_FD}>&-
exec /bin/sh -c "$1"
`;

/** Program and arguments. It ends with the process that starts it, also if that is killed. */
export function cagedCommand({ network, controlGroup }: Cage, command: string): [string, ...string[]] {
  return [
    'setpriv',
    '--pdeathsig',
    'KILL',
    '/bin/sh',
    '-c',
    ENTER,
    'sh',
    controlGroup,
    network,
    FURNISH,
    command,
  ];
}
