/** The tests of ../established.test.ts, with the eBPF backend. */
process.env['NODEPLANE_TEST_BACKEND'] = 'ebpf';
await import('../established.test.ts');

export {};
