/** The tests of ../clusterip.test.ts, with the eBPF backend. */
process.env['NODEPLANE_TEST_BACKEND'] = 'ebpf';
await import('../clusterip.test.ts');

export {};
