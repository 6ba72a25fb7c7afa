// Bombs: of a few bytes that unpack to many no more is unpacked than was asked for, and what their own size allows.

import { deflateSync, zlibSync } from 'fflate';
import { expect, test } from 'vitest';
import { bytesUnpacked } from '../testing/bytes-unpacked.ts';
import { inflate, inflateStart } from './inflate.ts';

const ZEROS = new Uint8Array(2 ** 26);
/** What the smallest file may unpack to beyond what was asked for. */
const ALWAYS = 2 ** 20;

test('what is wanted is unpacked once', async () => {
  const noise = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) >> 3);
  const [raw, withHead] = [deflateSync(noise), zlibSync(noise)];
  expect(await bytesUnpacked(async () => expect(await inflate(raw, noise.length)).toEqual(noise))).toBe(noise.length);
  expect(await bytesUnpacked(() => inflate(withHead, noise.length, 'deflate'))).toBe(noise.length);
});

test.each([0, 1, 10_012, 2 ** 20, 2 ** 24])('of 64 MB of zeros, %i asked for, the rest stays packed', async (most) => {
  const bomb = deflateSync(ZEROS);
  expect(bomb.length).toBeLessThan(70_000);
  const bound = most + 2 * bomb.length + ALWAYS;
  const refused = await bytesUnpacked(() => expect(inflate(bomb, most)).rejects.toThrow(/more than/));
  expect(refused).toBeGreaterThan(most);
  expect(refused).toBeLessThan(bound);
  const begun = await bytesUnpacked(async () => expect((await inflateStart(bomb, most)).length).toBe(most));
  expect(begun).toBeLessThan(bound);
});
