// One process a test file (no worker threads): a network namespace belongs to a thread, an addon to a process.
export default {
  files: ['test/**/*.test.ts'],
  extensions: ['ts'],
  workerThreads: false,
  timeout: '5m',
};
