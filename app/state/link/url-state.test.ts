import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { z } from '#gpu/core/schema.ts';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Place } from '../../exhibit/place.ts';
import { SPEEDS } from '../stores/cursor-store.ts';
import { DEFAULT_ARRANGEMENT, DEFAULT_EXPERIMENT, MAX_SEED } from '../stores/experiment.ts';
import { DEFAULT_LINK, type LinkState } from '../stores/link-state.ts';
import { type Catalogue, encodeLink, MAX_HASH_LENGTH, openLink } from './url-state.ts';
import { encodeText, MAX_INFLATED_BYTES, parseText, Refusal } from './url-values.ts';

/** A mechanism as far as links look at one: ids, variants, kernel files and a schema. */
function linkMechanism(id: string, variants: string[]): Mechanism {
  const refuse = () => {
    throw new EngineError('unsupported', 'links never run a mechanism');
  };
  return {
    id,
    title: id,
    role: 'mechanism',
    config: z.object({
      heads: z.optional(z.int().check(z.gte(1), z.lte(64))),
      nq: z.optional(z.int().check(z.gte(1), z.lte(65_536))),
      br: z.optional(z.literal([4, 8, 16, 32])),
      bc: z.optional(z.int().check(z.gte(1), z.lte(64))),
      causal: z._default(z.boolean(), false),
      softcap: z._default(z.number().check(z.gte(0), z.lte(1000)), 0),
      pattern: z._default(z.enum(['dense', 'local', 'butterfly']), 'dense'),
      blockmask: z.optional(z.array(z.int().check(z.gte(0), z.lte(1))).check(z.maxLength(4096))),
      tuning: z.optional(z.record(z.string(), z.int().check(z.gte(1)))),
    }),
    presets: [],
    steps: [],
    variants: variants.map((variant) => ({
      id: variant,
      title: variant,
      kernels: [{ file: `${variant}.wgsl`, wgsl: '' }],
      supports: () => true,
    })),
    resolve: refuse,
    makeInputs: refuse,
    plan: refuse,
    reference: refuse,
    cost: refuse,
  };
}

const catalogue: Catalogue = new Map(
  [
    linkMechanism('attention', ['standard', 'flash-v1', 'flash-v2']),
    linkMechanism('selective-scan', ['sequential', 'blelloch']),
  ].map((mechanism) => [mechanism.id, mechanism]),
);

const wellFormed = (constraints: fc.StringConstraints = {}) =>
  fc.string({ unit: 'binary', ...constraints }).map((text) => text.toWellFormed());

const index = fc.nat(1_000_000);
const buffer = fc.constantFrom('q', 'k', 'v', 's', 'out', 'cu_seqlens_q');
const axis = fc.constantFrom('batch', 'head', 'row', 'key', 'channel', 'time', 'length', 'element', 'constructor');
const anyPlace: fc.Arbitrary<Place | null> = fc.oneof(
  fc.constant(null),
  fc.record(
    {
      kind: fc.constant('at' as const),
      tensor: buffer,
      at: fc.dictionary(axis, index, { minKeys: 1, maxKeys: 8, noNullPrototype: true }),
    },
    { requiredKeys: ['kind', 'at'] },
  ),
  fc.record({ kind: fc.constant('workgroup' as const), dispatch: index, workgroup: index }),
  fc.record({ kind: fc.constant('line' as const), kernel: fc.constant('flash-v2.wgsl'), line: index }),
  fc.record({ kind: fc.constant('buffer' as const), buffer }),
);

const pane = fc.integer({ min: 0, max: 800 }).map((tenths) => tenths / 10);

const anyLink: fc.Arbitrary<LinkState> = fc.constantFrom(...catalogue.values()).chain((mechanism) => {
  const variant = fc.constantFrom(...mechanism.variants.map(({ id }) => id));
  const experiment = fc
    .record({
      mechanism: fc.constant(mechanism.id),
      variant,
      compare: fc.option(variant),
      config: fc.record(
        {
          nq: fc.integer({ min: 1, max: 65_536 }),
          br: fc.constantFrom(4, 8, 16, 32),
          bc: fc.integer({ min: 1, max: 64 }),
          causal: fc.boolean(),
          softcap: fc.double({ min: 0, max: 1000, noNaN: true }).map((x) => (x === 0 ? 0 : x)),
          pattern: fc.constantFrom('dense', 'local', 'butterfly'),
          blockmask: fc.array(fc.constantFrom(0, 1), { minLength: 2, maxLength: 300 }),
          tuning: fc.dictionary(fc.constantFrom('BR', 'BC', 'LANES', 'K2'), fc.integer({ min: 1, max: 4096 }), {
            noNullPrototype: true,
          }),
        },
        { requiredKeys: [] },
      ),
      input: fc.constantFrom('sentence' as const, 'random' as const, 'file' as const),
      text: wellFormed({ maxLength: 600 }),
      seed: fc.integer({ min: 0, max: MAX_SEED }),
      sources: fc.constant({}),
    })
    // A run is compared with another one, or with none.
    .map((each) => (each.compare === each.variant ? { ...each, compare: null } : each));
  return fc.record({
    experiment,
    arrangement: fc.record({
      view: fc.constantFrom('', 'tiling', 'memory', 'reuse-map'),
      below: fc.constantFrom('', 'none', 'reuse'),
      table: fc.boolean(),
      fill: fc.constantFrom(undefined, 'scores', 'weights'),
      present: fc.boolean(),
      order: fc.constantFrom(undefined, 'workgroup'),
      panes: fc.record({ setup: pane, side: pane, numbers: pane, below: pane }),
    }),
    tick: fc.option(fc.nat(10_000_000)),
    step: fc.option(fc.record({ dispatch: index, workgroup: index, site: index, visit: index })),
    speed: fc.constantFrom(...SPEEDS),
    selection: anyPlace,
  });
});

describe('links', { timeout: 60_000 }, () => {
  test('the default page has an empty link, and an empty link opens the default page', () => {
    expect(encodeLink(DEFAULT_LINK)).toBe('');
    for (const hash of ['', '#', 'v=1', '#v=1', '#v=3']) {
      expect(openLink(hash, catalogue)).toEqual({ state: DEFAULT_LINK, sources: null, complaints: [] });
      // Before its mechanism is loaded, too.
      expect(openLink(hash, new Map(), catalogue).state).toEqual(DEFAULT_LINK);
    }
  });

  test('any state comes back from its own link, without complaints', () => {
    fc.assert(
      fc.property(anyLink, (state) => {
        const opened = openLink(encodeLink(state), catalogue);
        expect(opened.complaints).toEqual([]);
        expect(opened.state).toEqual(state);
      }),
      { numRuns: 500 },
    );
  });

  test('edited kernels come back apart from the state, to be asked about', () => {
    fc.assert(
      fc.property(wellFormed({ maxLength: 4000 }), (source) => {
        const experiment = { ...DEFAULT_EXPERIMENT, sources: { 'flash-v2.wgsl': source } };
        const opened = openLink(encodeLink({ ...DEFAULT_LINK, experiment }), catalogue);
        expect(opened.sources).toEqual({ 'flash-v2.wgsl': source });
        expect(opened.state.experiment.sources).toEqual({});
      }),
    );
  });

  test('scalars stand readable in the link', () => {
    const link = encodeLink({
      ...DEFAULT_LINK,
      experiment: {
        ...DEFAULT_EXPERIMENT,
        variant: 'flash-v1',
        input: 'random',
        text: 'a small cat',
        config: { ...DEFAULT_EXPERIMENT.config, nq: 64, causal: true, bc: 8 },
      },
      arrangement: { ...DEFAULT_ARRANGEMENT, view: 'memory' },
      selection: { kind: 'line', kernel: 'flash-v1.wgsl', line: 34 },
    });
    expect(link).toBe(
      'v=3&k=flash-v1&in=random&text=a+small+cat&view=memory&sel=line:flash-v1.wgsl:34&bc=8&causal=1&nq=64',
    );
  });

  test('a kernel’s constants stand readable in the link, and none at all is not the same as nothing said', () => {
    const link = (tuning?: Record<string, number>) =>
      encodeLink({
        ...DEFAULT_LINK,
        experiment: { ...DEFAULT_EXPERIMENT, config: { ...DEFAULT_EXPERIMENT.config, ...(tuning ? { tuning } : {}) } },
      });
    expect(link({ LANES: 8, BR: 16 })).toBe('v=3&tuning=BR:16,LANES:8');
    expect(link({})).toBe('v=3&tuning=');
    expect(link()).toBe('');
    for (const bad of ['BR', 'BR:1.5', 'BR:8,BR:16', '__proto__:4', 'BR:8;LANES:4', 'BR:-8']) {
      const { state, complaints } = openLink(`#v=3&tuning=${bad}`, catalogue);
      expect(complaints, bad).toEqual([
        { field: 'tuning', value: bad, limit: expect.stringContaining('NAME:8'), used: 'the default' },
      ]);
      expect(state).toEqual(DEFAULT_LINK);
    }
  });

  test('bad values are named with their limit and what was used instead', () => {
    const { state, complaints } = openLink(
      '#v=1&m=attention&k=flash-v9&nq=999999&br=7&causal=maybe&softcap=-3&seed=1.5&speed=3&tick=abc&nonsense=1&src.evil.wgsl=x',
      catalogue,
    );
    expect(complaints).toEqual([
      { field: 'kernel variant', value: 'flash-v9', limit: 'one of standard, flash-v1, flash-v2', used: 'flash-v2' },
      { field: 'seed', value: '1.5', limit: 'a whole number', used: '2' },
      { field: 'step', value: 'abc', limit: 'a number', used: 'none' },
      { field: 'speed', value: '3', limit: 'one of 0.1, 0.25, 0.5, 1, 2, 4, 8', used: '2' },
      { field: 'nq', value: '999999', limit: 'at most 65536', used: '65536' },
      { field: 'br', value: '7', limit: expect.any(String), used: 'the default' },
      { field: 'causal', value: 'maybe', limit: expect.any(String), used: 'the default' },
      { field: 'softcap', value: '-3', limit: 'at least 0', used: '0' },
      { field: 'nonsense', value: '1', limit: 'a setting of this page', used: 'nothing: it was ignored' },
      {
        field: 'src.evil.wgsl',
        value: 'x',
        limit: 'one of standard.wgsl, flash-v1.wgsl, flash-v2.wgsl',
        used: 'nothing: it was ignored',
      },
    ]);
    expect(state.experiment.config).toEqual({ bc: 4, nq: 65_536, softcap: 0 });
  });

  test('keys of object prototypes are just unknown settings', () => {
    const { state, complaints } = openLink('#v=3&__proto__=1&constructor=2&toString=3', catalogue);
    expect(complaints.map(({ field }) => field)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(state.experiment.config).toEqual(DEFAULT_EXPERIMENT.config);
    expect(({} as Record<string, unknown>).nq).toBeUndefined();
  });

  test('a link of a newer version is read as far as it goes, and named', () => {
    const { state, complaints } = openLink('#v=99&k=standard', catalogue);
    expect(state.experiment.variant).toBe('standard');
    expect(complaints).toEqual([{ field: 'v', value: '99', limit: 'a link version from 1 to 3', used: '3' }]);
  });

  test('a mechanism without the default variant gets its own first one', () => {
    expect(openLink('#m=selective-scan', catalogue).state.experiment.variant).toBe('sequential');
  });

  test('a variant of another mechanism is named with the one that is used; so is a run beside itself', () => {
    expect(openLink('#v=1&m=selective-scan&k=flash-v1', catalogue)).toMatchObject({
      state: { experiment: { variant: 'sequential' } },
      complaints: [{ field: 'kernel variant', value: 'flash-v1', used: 'sequential' }],
    });
    expect(openLink('#v=1&k=standard&vs=standard', catalogue)).toMatchObject({
      state: { experiment: { variant: 'standard', compare: null } },
      complaints: [{ field: 'compared variant', value: 'standard', used: 'none' }],
    });
  });

  test('an over-long hash and a decompression bomb are refused by their size', () => {
    const long = openLink(`#text=${'x'.repeat(MAX_HASH_LENGTH)}`, catalogue);
    expect(long.complaints[0]?.field).toBe('link');
    expect(long.state).toEqual(DEFAULT_LINK);
    const bomb = parseText(encodeText('a'.repeat(MAX_INFLATED_BYTES * 4)), Number.MAX_SAFE_INTEGER);
    expect(bomb).toBeInstanceOf(Refusal);
    expect((bomb as Refusal<string>).limit).toContain(String(MAX_INFLATED_BYTES));
  });

  test('1 000 mutated or hostile hashes open a whole page; what was changed is named or harmless', () => {
    const mutated = fc
      .tuple(
        anyLink,
        fc.array(
          fc.tuple(
            fc.nat(),
            fc.constantFrom('insert', 'delete', 'replace'),
            fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
          ),
          { minLength: 1, maxLength: 8 },
        ),
      )
      .map(([state, edits]) => {
        let hash = encodeLink(state);
        for (const [position, kind, piece] of edits) {
          const at = hash.length === 0 ? 0 : position % hash.length;
          hash = hash.slice(0, at) + (kind === 'delete' ? '' : piece) + hash.slice(kind === 'insert' ? at : at + 1);
        }
        return hash;
      });
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc
        .array(
          fc.tuple(
            fc.constantFrom(
              'v',
              'm',
              'k',
              'text',
              'nq',
              'br',
              'sel',
              'blockmask',
              'src.flash-v2.wgsl',
              '__proto__',
              'panes',
              '%',
              '%F',
            ),
            fc.oneof(
              fc.string({ unit: 'binary' }),
              fc.constantFrom(
                'NaN',
                'Infinity',
                '-1',
                '1e999',
                '~',
                '~!!!',
                '~AAAA',
                '%E0%A4%A',
                '<img src=x onerror=alert(1)>',
                '9'.repeat(400),
              ),
            ),
          ),
          { maxLength: 40 },
        )
        .map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join('&')),
    );
    fc.assert(
      fc.property(fc.oneof(mutated, hostile), (hash) => {
        const { state, sources, complaints } = openLink(hash, catalogue);
        const mechanism = catalogue.get(state.experiment.mechanism);
        expect(mechanism?.variants.map(({ id }) => id)).toContain(state.experiment.variant);
        expect(mechanism?.config.safeParse(state.experiment.config).success).toBe(true);
        expect(Number.isInteger(state.experiment.seed)).toBe(true);
        expect(complaints.length).toBeLessThanOrEqual(12);
        for (const { field, value, limit, used } of complaints) {
          expect([field, limit, used].every((text) => text.length > 0)).toBe(true);
          expect(value.length).toBeLessThan(100);
        }
        // What was opened is a state of this page: its own link opens the same again, without complaints.
        const again = openLink(
          encodeLink({ ...state, experiment: { ...state.experiment, sources: sources ?? {} } }),
          catalogue,
        );
        expect(again).toEqual({ state, sources, complaints: [] });
      }),
      { numRuns: 1000 },
    );
  });
});
