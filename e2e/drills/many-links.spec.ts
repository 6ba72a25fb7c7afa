// Hundreds of hostile links opened in one page, one after the other, each before the last one's run is done: numbers as large as a link can
// write them, changed, cut and repeated keys, names of every object's members, noise, markup, texts and kernels that unpack to much.
// A sample by default; `TILESCOPE_LINKS=600` opens as many as before a release.

import type { Page } from '@playwright/test';
import { deflateSync, strToU8 } from 'fflate';
import { uniformStream } from '#gpu/core/random.ts';
import { openPage } from '../stage.ts';
import { expect, test } from '../watched-page.ts';
import { expectAlive, expectLive, RANDOM, stageOf } from './live-page.ts';

const LINKS = Number(process.env.TILESCOPE_LINKS ?? 60);
/** ms between two links: a browser drops what comes quicker (200 in 10 s). */
const APART = 120;
/** Bytes of the page's objects that may stay; and that may be in use at a time, with what waits to be collected, beyond twice a link's length. */
const [MAY_STAY, MAY_TAKE] = [16e6, 160e6];

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const packed = (text: string) => `~${base64(deflateSync(strToU8(text), { level: 9 }))}`;

const SEEDS = [
  'v=3&in=random&nq=64&nk=64&headDim=16&br=16&bc=16&causal=1&seed=7',
  'v=3&m=selective-scan&k=chunked&in=random&seqlen=64&dim=4&dstate=4',
  'v=2&m=ssd&k=chunked&in=random&seqlen=64&chunk=16&sel=at:row:3',
  'v=3&m=token-pruning&in=random&tokens=17&ratio=0.5&view=votes',
  'v=1&k=flash-v1&vs=standard&in=text&text=the+cat+sat&tick=20&speed=4',
  'v=3&m=mamba-block&in=random&seqlen=12&dModel=8&at=0.1.2',
];
const NUMBERS = ['-1', '0', '1e308', 'NaN', '0x10', '1e9', '9007199254740993', '4294967296', '16777216', '7.5', ''];
const TEXTS = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  '__proto__',
  'constructor',
  '💥'.repeat(300),
  '%00%ff',
  '\u202egnp.exe',
  'a'.repeat(200_000),
  packed('\n'.repeat(99_000)),
  packed('0'.repeat(300_000)),
  packed('x'.repeat(50_000_000)),
  packed(`fn f() { ${'loop { '.repeat(5_000)}`),
  packed(`${'/*'.repeat(40_000)}`),
  packed(`@compute @workgroup_size(1) fn main() { ${'var x = 1u; '.repeat(6_000)}}`),
];
const KEYS = [
  'nq',
  'nk',
  'heads',
  'batch',
  'headDim',
  'seqlen',
  'dim',
  'text',
  'sel',
  'view',
  'tick',
  'm',
  'k',
  'vs',
  'v',
];
const OTHER_KEYS = [
  '__proto__',
  'toString',
  'src.flash-v2.wgsl',
  'src.standard.wgsl',
  'in',
  'at',
  'order',
  'pattern',
  '<b>',
];

/** A link of some kind, and which. */
function hostile(next: () => number): string {
  const below = (most: number) => Math.floor(next() * most);
  const one = <T>(all: readonly T[]) => all[below(all.length)]!;
  const key = () => one(below(3) === 0 ? OTHER_KEYS : KEYS);
  const value = () => one(below(2) === 0 ? NUMBERS : TEXTS);
  const seed = one(SEEDS);
  const parts = seed.split('&');
  switch (below(6)) {
    case 0: // every number at once
      return `v=3&in=random&${KEYS.slice(0, 7)
        .map((each) => `${each}=${2 ** below(54)}`)
        .join('&')}`;
    case 1: // another value somewhere
      parts[below(parts.length)] = `${parts[below(parts.length)]!.split('=')[0]}=${encodeURIComponent(value())}`;
      return parts.join('&');
    case 2: // another sign somewhere
      return Array.from({ length: 1 + below(4) }).reduce<string>((text) => {
        const at = below(text.length);
        return text.slice(0, at) + String.fromCharCode(32 + below(95)) + text.slice(at + below(3));
      }, seed);
    case 3: // keys that are strange, or come twice
      return [...parts, `${key()}=${encodeURIComponent(value())}`, `${key()}=${encodeURIComponent(value())}`].join('&');
    case 4: // a packed text or kernel
      return `${seed}&${one(['text', 'src.flash-v2.wgsl', 'src.chunk-scan.wgsl'])}=${encodeURIComponent(one(TEXTS.slice(7)))}`;
    default: // noise
      return Array.from({ length: below(400) }, () => String.fromCharCode(32 + below(1200))).join('');
  }
}

interface Look {
  /** What a page that stands has. */
  isWhole: boolean;
  hasPicture: boolean;
  complaint: string;
}

const lookAt = (page: Page): Promise<Look> =>
  page.evaluate(() => ({
    isWhole:
      document.querySelector('h1') !== null &&
      document.querySelector('main .story') !== null &&
      !/could not be drawn|could not start/.test(document.body.textContent ?? ''),
    hasPicture: [...document.querySelectorAll('main canvas, main svg')].some((each) => each.clientWidth > 100),
    complaint: [...document.querySelectorAll('[role=alert] li')].map((each) => each.textContent).join(),
  }));

test(`${LINKS} hostile links in one page: it stands, keeps its picture, and answers`, async ({ page }) => {
  test.setTimeout(60_000 + LINKS * 1000);
  await page.addInitScript(() => {
    const global = globalThis as unknown as { tasks: number[]; alerts: number };
    global.tasks = [];
    global.alerts = 0;
    window.alert = () => global.alerts++;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) global.tasks.push(duration);
    }).observe({ type: 'longtask' });
  });
  await openPage(page, RANDOM);
  await expectLive(page);
  const session = await page.context().newCDPSession(page);
  const bytesInUse = async () => {
    const { usedSize, backingStorageSize = 0 } = (await session.send('Runtime.getHeapUsage')) as {
      usedSize: number;
      backingStorageSize?: number;
    };
    return usedSize + backingStorageSize;
  };
  const settled = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return bytesInUse();
  };
  // What the page's thread computed itself: the machine may have other work, which lengthens tasks.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const computed = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value;
  };
  const tasks = () => page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks.splice(0));
  const next = uniformStream(3, 'many-links');
  const figures = { named: 0, most: 0, longestLink: 0 };
  const lost: string[] = [];
  const long: { ms: number; hash: string }[] = [];
  let longestTask = 0;
  const complaints = new Set<string>();
  // The first few fill what is kept: exhibits, recordings, compiled code.
  let before = 0;
  for (let link = 0; link < LINKS; link++) {
    if (link === Math.min(20, LINKS >> 1)) before = await settled();
    const hash = hostile(next);
    const started = await computed();
    figures.longestLink = Math.max(figures.longestLink, hash.length);
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
    await page.waitForTimeout(APART);
    const { isWhole, hasPicture, complaint } = await lookAt(page);
    if (!isWhole || !hasPicture) lost.push(`${isWhole ? 'no picture' : 'not whole'}: ${hash.slice(0, 200)}`);
    if (complaint !== '') figures.named++;
    complaints.add(complaint);
    if (before > 0) figures.most = Math.max(figures.most, (await bytesInUse()) - before);
    longestTask = Math.max(longestTask, ...(await tasks()));
    long.push({ ms: (await computed()) - started, hash: hash.slice(0, 120) });
  }
  long.sort((a, b) => b.ms - a.ms);
  const stays = (await settled()) - before;
  console.log(
    `${LINKS} links, the longest ${figures.longestLink} characters: ${figures.named} with complaints, ${complaints.size} different ones, ${lost.length} lost; ` +
      `most computed for one ${long
        .slice(0, 5)
        .map(({ ms }) => ms.toFixed(0))
        .join(', ')} ms, longest task by the clock ${longestTask.toFixed(0)} ms; ` +
      `at most ${(figures.most / 1e6).toFixed(1)} MB more in use, ${(stays / 1e6).toFixed(1)} MB after`,
  );
  expect(lost, 'pages that were lost, or lost their picture').toEqual([]);
  // Each link's own, not what is left of the one before.
  expect(complaints.size).toBeGreaterThan(LINKS / 4);
  expect(
    long.filter(({ ms }) => ms > 1000),
    'links that kept the page for over a second',
  ).toEqual([]);
  expect(figures.most).toBeLessThan(2 * figures.longestLink + MAY_TAKE);
  expect(stays).toBeLessThan(MAY_STAY);
  expect(await page.evaluate(() => (globalThis as unknown as { alerts: number }).alerts)).toBe(0);
  await page.evaluate((to) => {
    location.hash = to;
  }, `${RANDOM}&seed=5`);
  await expectLive(page);
  await expectAlive(page);
  await expect(stageOf(page)).toBeVisible();
});
