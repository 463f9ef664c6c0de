/** The tests of ../sctp.test.ts, with the eBPF backend. */
process.env['NODEPLANE_TEST_BACKEND'] = 'ebpf';
await import('../sctp.test.ts');

export {};
