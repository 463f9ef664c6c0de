/**
 * The Debian packages that nodeplane needs, each with the reason. Nothing else is installed.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const PACKAGES = Object.freeze({
  'g++': 'compiles the native addon',
  cmake: 'describes its build',
  make: 'runs its build',
  pkgconf: 'finds the libraries below',
  'libmnl-dev': 'netlink sockets of the addon',
  'libnftables-dev': 'rule text of the addon',
  'libbpf-dev': 'loads the eBPF programs',
  clang: 'compiles them; without it the addon is built without them',
  llvm: 'strips and shows them',
  bpftool: 'embeds them in the addon',
  nftables: 'the nft program: shows in the lab and judges in the tests what is in the kernel',
  iproute2: 'network namespaces of the lab and the tests',
  curl: 'the requests that the lab invites you to try',
});

/**
 * Those that only the tests need.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const TEST_PACKAGES = Object.freeze({
  'chromium-headless-shell': 'opens the report of the benchmarks',
});
