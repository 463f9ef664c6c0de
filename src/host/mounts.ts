import { readFileSync } from 'node:fs';

/** A file system that is mounted. */
export interface Mount {
  readonly type: string;
  /** Which folder of the file system it shows; `/` is all of it. */
  readonly root: string;
  readonly folder: string;
}

/** The mounts that this process sees, in the order in which they were made. */
export function mounts(): Mount[] {
  return parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'));
}

/** Source: proc_pid_mountinfo(5). Optional fields end with a hyphen; the type follows. */
export function parseMountInfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before = '', after] = line.split(' - ');
    const [, , , root, folder] = before.split(' ');
    const type = after?.split(' ')[0];
    if (root === undefined || folder === undefined || type === undefined) return [];
    return [{ type, root: unescaped(root), folder: unescaped(folder) }];
  });
}

/**
 * The folder of the cgroup hierarchy (version 2) that all processes are in, also where version 1 is mounted beside it;
 * undefined if it is not mounted.
 */
export function cgroupRoot(all: readonly Mount[] = mounts()): string | undefined {
  const found = all.filter(({ type }) => type === 'cgroup2');
  return (found.find(({ root }) => root === '/') ?? found[0])?.folder;
}

/** Where the BPF file system belongs, in which maps and programs outlive their process. */
export const BPF_ROOT = '/sys/fs/bpf';

/** Whether it is there. */
export function hasBpfRoot(all: readonly Mount[] = mounts()): boolean {
  return all.some(({ type, root, folder }) => type === 'bpf' && root === '/' && folder === BPF_ROOT);
}

/** Blanks and the like are written in octal. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
