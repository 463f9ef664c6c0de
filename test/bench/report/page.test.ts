import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import type { Browser, Page } from 'puppeteer-core';
import { writeReport } from '../../../src/bench/report/write-report.ts';
import { openBrowser } from './browser.ts';
import { SAMPLE } from './sample.ts';

const DRAWING_FLAWS = readFileSync(new URL('drawing-flaws.js', import.meta.url), 'utf8');

let browser: Browser;
let directory: string;
let address: string;

test.before(async () => {
  browser = await openBrowser();
  directory = await mkdtemp(path.join(tmpdir(), 'np-report-'));
  const file = await writeReport(directory, { title: 'Sample', startedAt: new Date(), sections: SAMPLE });
  address = pathToFileURL(file).href;
});

test.after.always(async () => {
  await browser?.close();
  await rm(directory, { recursive: true, force: true });
});

/** Opens the report and tells what the browser had to say about it, and all that it asked for. */
async function open(
  scheme = 'light',
  width = 1200,
): Promise<{ page: Page; troubles: string[]; requests: string[] }> {
  const page = await browser.newPage();
  const troubles: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.setViewport({ width, height: 900 });
  await page.goto(address);
  return { page, troubles, requests };
}

test('it is one file, which asks for nothing else and runs no script', async (t) => {
  const { page, troubles, requests } = await open();
  t.deepEqual(await readdir(directory), ['index.html']);
  t.deepEqual(requests, [address]);
  t.deepEqual(troubles, []);
  t.is(await page.$$eval('script', (scripts) => scripts.length), 0);
});

test('it shows every section with its command, its noise, its plots and its tables', async (t) => {
  const { page } = await open();
  const texts = (selector: string): Promise<string[]> =>
    page.$$eval(selector, (found) => found.map((it) => it.textContent ?? ''));
  t.deepEqual(
    await texts('h2'),
    SAMPLE.map((it) => it.title),
  );
  t.deepEqual(
    await texts('pre'),
    SAMPLE.map((it) => it.command),
  );
  t.deepEqual(await texts('.noise b'), ['Quiet machine: ', 'Noisy machine: ']);
  t.deepEqual(
    await texts('figcaption strong'),
    SAMPLE.flatMap((it) => it.plots.map((plot) => plot.title)),
  );
  t.deepEqual(await texts('.figures b'), ['52.4 µs', '3.10 ×', '0.84 s']);
  t.deepEqual((await texts('td')).slice(0, 4), ['nftables', '100', '48.247.2 to 49.2', '3.40']);
  t.deepEqual((await texts('dt')).slice(0, 3), ['processor', 'memory', 'kernel']);
});

test('a long table is folded, and can be opened', async (t) => {
  const { page } = await open();
  const isShown = (): Promise<unknown> =>
    page.evaluate('document.querySelector("details table").checkVisibility()');
  t.false(await isShown());
  await page.click('summary');
  t.true(await isShown());
  t.is(await page.$eval('summary', (it) => it.textContent), 'A long table 40 rows');
});

for (const width of [1200, 420]) {
  test(`every drawing is whole and every label can be read, ${width} pixels wide`, async (t) => {
    const { page } = await open('light', width);
    const flaws = await page.evaluate(DRAWING_FLAWS);
    t.deepEqual(flaws, []);
    // Wide tables and commands scroll in their own boxes.
    t.is(await page.evaluate('document.documentElement.scrollWidth'), width);
  });
}

test('text stands out from the page in light and in dark', async (t) => {
  for (const scheme of ['light', 'dark']) {
    const { page } = await open(scheme);
    const styleOf = (property: string): Promise<unknown> =>
      page.evaluate(`getComputedStyle(document.body).${property}`);
    const text = brightness(await styleOf('color'));
    const background = brightness(await styleOf('backgroundColor'));
    const isTextLighter = text > background;
    t.is(isTextLighter, scheme === 'dark');
    t.true(Math.abs(text - background) > 400);
  }
});

/** Of a colour as a browser tells it: 0 to 765. */
function brightness(colour: unknown): number {
  return (String(colour).match(/\d+/g) ?? []).map(Number).reduce((sum, part) => sum + part, 0);
}
