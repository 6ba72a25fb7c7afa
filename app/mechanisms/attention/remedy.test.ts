import { expect, test } from 'vitest';
import { type AttentionConfig, resolveConfig } from '#gpu/mechanisms/attention/config.ts';
import { attentionCost } from '#gpu/mechanisms/attention/cost.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { attentionRemedy } from './remedy.ts';
import { attentionWelcome } from './welcome.ts';

const LIMITS = { maxComputeWorkgroupStorageSize: 16_384 };
const bytesOf = (variant: string, config: AttentionConfig) =>
  attentionCost(variant, config).buffers.reduce((sum, { loadBytes, storeBytes }) => sum + loadBytes + storeBytes, 0);

/** A run that moved what its closed form says. */
function ran(variant: string, raw: object): Recording {
  const config = resolveConfig(raw);
  const totals = attentionCost(variant, config).buffers;
  const buffers = totals.map(({ buffer: name }) => ({ name, space: 'storage' }));
  return { variant, config, edited: [], trace: { totals, buffers } } as unknown as Recording;
}

const remedyOf = (raw: object, limits = LIMITS, variant = 'flash-v2') =>
  attentionRemedy(ran(variant, raw), [ran('standard', raw)], limits);
const sentence = (tokens: number, tiles: object) => ({ heads: 1, nq: tokens, nk: tokens, headDim: 64, ...tiles });

test('a run that moves less than standard attention needs no remedy', () => {
  expect(remedyOf(sentence(14, { br: 16, bc: 4 }))).toBeNull();
});

test.each([14, 23, 60, 200])(
  '%i tokens on tiles too small: the tiles that are offered fit, and move less',
  (tokens) => {
    const raw = sentence(tokens, { br: 4, bc: 4 });
    const remedy = remedyOf(raw);
    const [offer] = remedy?.offers ?? [];
    const { br, bc } = offer!.config as { br: number; bc: number };
    expect(offer!.label).toContain(`${br} × ${bc}`);
    expect(remedyOf({ ...raw, br, bc })).toBeNull();
    expect(bytesOf('flash-v2', resolveConfig({ ...raw, br, bc }))).toBeLessThan(
      bytesOf('standard', resolveConfig(raw)),
    );
  },
);

test('where no tiles that the device holds move less, that is said with the reason', () => {
  const remedy = remedyOf({ heads: 1, nq: 512, nk: 512, headDim: 128, br: 8, bc: 8 });
  expect(remedy).toEqual({
    words: 'At head dimension 128 no tiles that fit into this device’s 16.4 KB (16,384 B) would move less here.',
    offers: [],
  });
});

test('the first paper’s order is cured by its own count, or not at all', () => {
  const raw = { heads: 1, nq: 64, nk: 64, headDim: 32, br: 16, bc: 16 };
  const remedy = remedyOf(raw, LIMITS, 'flash-v1')!;
  for (const { config } of remedy.offers)
    expect(bytesOf('flash-v1', resolveConfig({ ...raw, ...config }))).toBeLessThan(
      bytesOf('standard', resolveConfig(raw)),
    );
  expect(remedy.offers.length + remedy.words.length).toBeGreaterThan(0);
});

test('one step from the first page standard attention moves more than three times as much, on any device', () => {
  const config = resolveConfig(attentionWelcome.offers![0]!.config!);
  expect(config).toMatchObject({ nq: 512, headDim: 16 });
  expect(bytesOf('standard', config)).toBeGreaterThan(3 * bytesOf('flash-v2', config));
});
