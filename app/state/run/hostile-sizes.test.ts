// Sizes as large as a link can write them: every mechanism refuses or prepares them at once, and so does whatever asks it while the page is
// drawn. Time is the processor's own, since the machine may have other work.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import { wholeExhibit } from '../../exhibit/whole-view.ts';
import { loadView } from '../../mechanisms/load-view.ts';
import { openLink } from '../link/url-state.ts';
import { prepareRun } from './prepared-run.ts';
import { mostMoved, movedBy, watchableEnd } from './watch-limits.ts';

/** Of a large device, so that little is refused for its sake. */
const LIMITS = {
  ...{ maxStorageBufferBindingSize: 2 ** 30, maxBufferSize: 2 ** 30, maxStorageBuffersPerShaderStage: 10 },
  ...{ maxComputeWorkgroupStorageSize: 32_768, maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256 },
  ...{ maxComputeWorkgroupSizeY: 256, maxComputeWorkgroupSizeZ: 64, maxComputeWorkgroupsPerDimension: 65_535 },
};
/** ms; what it was before was minutes, or for ever. */
const AT_ONCE = 2000;

function quickly(what: string, work: () => unknown): void {
  const before = process.cpuUsage();
  try {
    work();
  } catch (error) {
    expect(error, what).toMatchObject({ name: 'EngineError' });
  }
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000, what).toBeLessThan(AT_ONCE);
}

const all = [...mechanisms.values()].filter(({ role }) => role === 'mechanism');
const exhibits = await Promise.all(
  all.map(async (mechanism) => ({ mechanism, view: await wholeExhibit((await loadView(mechanism.id))!) })),
);

async function askEverything(mechanism: Mechanism, hash: string): Promise<void> {
  const { view } = exhibits.find((each) => each.mechanism === mechanism)!;
  let config: Record<string, unknown> = {};
  let variant = '';
  quickly(`reading ${hash.slice(0, 300)}`, () => {
    const { experiment } = openLink(hash, mechanisms).state;
    config = { ...mechanism.presets[0]?.config, ...experiment.config };
    variant = experiment.variant;
    for (const isSoftware of [true, false])
      quickly(`preparing ${hash.slice(0, 300)}`, () =>
        prepareRun(mechanism, experiment, variant, null, LIMITS, [], isSoftware),
      );
  });
  for (const control of view.controls) {
    quickly(`${control.id} of ${hash.slice(0, 300)}`, () => {
      const { max } = control.range(config, LIMITS);
      if (control.kind !== 'mask') control.read(config);
      control.mask?.(config);
      if (control.lengthens)
        watchableEnd(control, max, { mechanism, variant, config, limits: LIMITS, isSoftware: true });
    });
  }
}

const huge = fc.oneof(
  fc.integer({ min: 0, max: 53 }).map((power) => 2 ** power),
  fc.integer({ min: 0, max: 24 }).chain((power) => fc.nat(2 ** power)),
  fc.constantFrom(65_535, 16_777_216, 'full', 'butterfly', 'causal-blocks', '1,16777216,5'),
);

test.each(exhibits)(
  'any sizes of $mechanism.id are refused or prepared at once',
  async ({ mechanism }) => {
    const keys = Object.keys((mechanism.config as unknown as { shape: object }).shape);
    const link = fc.record({
      variant: fc.constantFrom(...mechanism.variants.map(({ id }) => id)),
      settings: fc
        .subarray(keys, { minLength: 1 })
        .chain((some) => fc.record(Object.fromEntries(some.map((key) => [key, huge])))),
    });
    await fc.assert(
      fc.asyncProperty(link, async ({ variant, settings }) => {
        const values = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
        await askEverything(mechanism, [`m=${mechanism.id}&k=${variant}&in=random`, ...values].join('&'));
      }),
      { numRuns: 10, endOnFailure: true },
    );
  },
  120_000,
);

test.each(
  [
    'nq=16777216&batch=65535',
    'k=standard&nq=16777216&nk=16777216&heads=65535&batch=65535&headDim=1',
    'k=flash-v1&nq=16777216&causal=1&br=1&headDim=1',
    'k=flash-v2&nq=1000000&nk=1000000&windowLeft=5&br=1&bc=1&headDim=1',
    'k=flash-v2-block-sparse&nq=16777216&nk=16777216&br=1&bc=1',
    'k=flash-v2-block-sparse&nq=16777216&nk=16777216&pattern=butterfly&br=1&bc=1',
    'k=flash-v2-block-sparse&nq=16777216&pattern=full&blockRows=16777216&blockCols=1',
    'k=flash-v2-tuned&nq=16777216&causal=1&batch=65535',
    `packed=1&seqlensK=5&seqlensQ=${Array.from({ length: 30_000 }, (_, i) => 16_000_000 + i).join(',')}`,
  ].map((sizes) => ({ sizes, start: sizes.slice(0, 80) })),
)(
  'a link that hung the page: $start',
  async ({ sizes }) => {
    await askEverything(mechanisms.get('attention')!, `in=random&${sizes}`);
  },
  60_000,
);

test('sizes of thousands of tokens are counted as before', () => {
  const attention = mechanisms.get('attention')!;
  const config = attention.resolve({ nq: 4096, headDim: 16, causal: true, br: 16, bc: 16 });
  // 256 query tiles; the i-th reads i key tiles of 16 rows, K and V, and each of 4,096 × 16 is read and written once.
  const rows = (16 * 256 * 257) / 2;
  expect(movedBy(attention, 'flash-v2', config)).toBe(2 * 16 * rows + 2 * 4096 * 16 + 4096);
  expect(mostMoved(true)).toBeLessThan(mostMoved(false));
});
