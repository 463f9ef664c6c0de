/** The tests of ../host-traffic.test.ts, with the eBPF backend. */
process.env['NODEPLANE_TEST_BACKEND'] = 'ebpf';
await import('../host-traffic.test.ts');

export {};
