#!/usr/bin/env -S node --min-semi-space-size=1 --max-semi-space-size=1 --initial-heap-size=160 --heap-growing-percent=50
// The flags (measured with 10,000 services, docs/performance.md): a young generation of 1 MB stays in the processor's
// cache and is collected in less than the millisecond that an event may take; the heap grows to 160 MB before the
// first full collection, so that the first load is not interrupted by several; after that it may grow by half.
//
// The program `nodeplane`. Its sources are TypeScript, which Node runs since 22.18; on an older Node this hands over
// to the one that npm installed beside it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';

const OWN_NODE = path.resolve(import.meta.dirname, '../node_modules/.bin/node');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  // Keeps the sources as they are after their types were stripped: without it, stripping them takes 80 ms and 35 MB.
  module.enableCompileCache?.(path.resolve(import.meta.dirname, '../build/compile-cache'));
  await import('../src/main.ts');
} else if (existsSync(OWN_NODE)) {
  handOver();
} else {
  console.error(
    `nodeplane: needs Node 22.18 or later (this is ${process.versions.node}): run sudo npm start once, it installs one`,
  );
  process.exitCode = 1;
}

function handOver() {
  const child = spawn(OWN_NODE, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  // This process must outlive the other, to give its exit code.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.once('close', (code) => {
    process.exitCode = code ?? 1;
  });
}
