/** Of the worker process, in megabytes (10^6 bytes). */
export interface MemoryUse {
  /** Resident when all modules were loaded and no object was made. */
  readonly baseline_mb: number;
  /** Resident now, without the garbage collector having been told to do anything. */
  readonly rss_mb: number;
  /** Resident after a full collection that the daemon would not ask for. */
  readonly after_gc_mb: number;
  /** The most that was ever resident, with all objects of the load in memory. */
  readonly peak_mb: number;
}
