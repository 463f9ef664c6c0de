/** Microseconds since the machine started: CLOCK_MONOTONIC, so times of two processes may be compared. */
export function monotonic(): number {
  return Number(process.hrtime.bigint()) / 1000;
}

/** CPU time of this process with all its threads so far, in microseconds. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
