import { existsSync } from 'node:fs';
import { type Browser, launch } from 'puppeteer-core';

/** Debian's package chromium-headless-shell, or chromium; setup/packages.mjs brings the former for the tests. */
const PROGRAMS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** A browser without a window. The pages are our own, so it may do without its sandbox, which root cannot have. */
export function openBrowser(): Promise<Browser> {
  const executablePath = PROGRAMS.find((file) => existsSync(file));
  if (executablePath === undefined) throw new Error(`none of ${PROGRAMS.join(', ')} is installed`);
  return launch({ executablePath, args: ['--no-sandbox'] });
}
