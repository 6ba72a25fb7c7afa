// Recordings changed by somebody who writes proper archives: any key of a header, any column. Each is refused by name, or every view of the
// exhibit can draw it.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { deflateSync, inflateSync, strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import { bytesUnpacked } from '#gpu/testing/bytes-unpacked.ts';
import { MAGIC } from '#gpu/trace/read-trace.ts';
import { wholeExhibit } from '../../exhibit/whole-view.ts';
import { loadView } from '../../mechanisms/load-view.ts';
import { CHECKS } from './check-recording.ts';
import { requireDrawable } from './drawable.ts';
import { openRecordingFile } from './open-recording.ts';
import { decodeRecordingFile } from './recording-file.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A recording taken apart, so that its parts can be changed. */
interface Parts {
  files: Record<string, Uint8Array>;
  header: Json;
  trace: { meta: Json; index: { name: string; type: string; length: number }[] };
  columns: Uint8Array[];
}

function takeApart(name: string): Parts {
  const files = unzipSync(new Uint8Array(readFileSync(`public/recordings/${name}.rec`)));
  const bytes = inflateSync(files['trace.bin']!.subarray(MAGIC.length));
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const trace = JSON.parse(strFromU8(bytes.subarray(4, 4 + length))) as Parts['trace'];
  let at = Math.ceil((4 + length) / 4) * 4;
  const columns = trace.index.map((column) => {
    at += 4 * column.length;
    return bytes.slice(at - 4 * column.length, at);
  });
  return { files, header: JSON.parse(strFromU8(files['recording.json']!)), trace, columns };
}

function putTogether({ files, header, trace, columns }: Parts): Uint8Array {
  const json = strToU8(JSON.stringify(trace));
  const start = Math.ceil((4 + json.length) / 4) * 4;
  const bytes = new Uint8Array(columns.reduce((sum, column) => sum + column.length, start));
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  let at = start;
  for (const column of columns) {
    bytes.set(column, at);
    at += column.length;
  }
  const packed = deflateSync(bytes, { level: 1 });
  const file = new Uint8Array([...strToU8(MAGIC), ...packed]);
  return zipSync({ ...files, 'recording.json': strToU8(JSON.stringify(header)), 'trace.bin': file }, { level: 1 });
}

/** Somewhere in `json`, going down by the numbers of `way`, something else, or nothing. */
function changed(json: Json, way: readonly number[], to: Json | undefined): Json | undefined {
  if (json === null || typeof json !== 'object' || way.length === 0) return to;
  const keys = Object.keys(json);
  if (keys.length === 0) return to;
  const key = keys[way[0]! % keys.length]!;
  const copy = structuredClone(json) as { [key: string]: Json };
  const below = changed(copy[key]!, way.slice(1), to);
  if (below === undefined) {
    if (Array.isArray(copy)) copy.splice(Number(key), 1);
    else delete copy[key];
  } else copy[key] = below;
  return copy;
}

const way = fc.array(fc.nat(1000), { minLength: 1, maxLength: 6 });
const anything = fc.constantFrom<Json | undefined>(
  ...[undefined, null, -1, 0.5, 1e9, 1e300, 4_294_967_295, 2 ** 53, true, '', 'a(', '<b>', '__proto__', 'q'],
  ...[[], {}, [1, 2], [[3, 1]], { name: 'q' }, { $number: 'x' }],
);
const change = fc.oneof(
  fc.record({ part: fc.constant('header' as const), way, to: anything }),
  fc.record({ part: fc.constant('trace' as const), way, to: anything }),
  fc.record({
    part: fc.constant('column' as const),
    at: fc.nat(1000),
    row: fc.nat(),
    how: fc.constantFrom('drop', 'cut', 'zero', 'huge', 'nan', 'type', 'rename'),
  }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function applied(parts: Parts, what: Change): Parts {
  if (what.part === 'header') return { ...parts, header: changed(parts.header, what.way, what.to) ?? {} };
  if (what.part === 'trace')
    return { ...parts, trace: { ...parts.trace, meta: changed(parts.trace.meta, what.way, what.to) ?? {} } };
  const index = structuredClone(parts.trace.index);
  const columns = parts.columns.map((column) => column.slice());
  const at = what.at % index.length;
  const [entry, column] = [index[at]!, columns[at]!];
  const row = 4 * (entry.length === 0 ? 0 : what.row % entry.length);
  const view = new DataView(column.buffer);
  if (what.how === 'drop') {
    index.splice(at, 1);
    columns.splice(at, 1);
  } else if (what.how === 'cut') {
    entry.length = row / 4;
    columns[at] = column.slice(0, row);
  } else if (what.how === 'type') entry.type = entry.type === 'f32' ? 'u32' : 'f32';
  else if (what.how === 'rename') entry.name = `${entry.name}x`;
  else if (column.length > 0)
    view.setUint32(
      row,
      { zero: 0, huge: 0xfffffff0, nan: 0x7fc00000, cut: 0, drop: 0, type: 0, rename: 0 }[what.how],
      true,
    );
  return { ...parts, trace: { ...parts.trace, index }, columns };
}

/** Changed recordings of each exhibit; `TILESCOPE_FUZZ=300` goes further, as before a release. */
const RUNS = Number(process.env.TILESCOPE_FUZZ ?? 20);

const NAMES = [
  'attention-first-look',
  'selective-scan-blelloch',
  'ssd-quadratic',
  'token-pruning-votes',
  'mamba-block-whole',
];

test.each(NAMES)(
  '%s with anything changed is refused by name, or every view can draw it',
  async (name) => {
    const parts = takeApart(name);
    const whole = putTogether(parts);
    const { mechanism } = await decodeRecordingFile(whole, 'whole.rec');
    const exhibit = await wholeExhibit((await loadView(mechanism))!);
    const open = (file: Uint8Array) => openRecordingFile(file, 'mine.rec', mechanisms, mechanism, exhibit);
    // The control: taken apart and put together again, it opens.
    await expect(open(whole)).resolves.toMatchObject({ mechanism });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(change, async (what) => {
        const file = putTogether(applied(parts, what));
        const opened = await open(file).catch((error: unknown) => {
          expect(error).toMatchObject({ name: 'EngineError', code: 'bad-file' });
          expect((error as Error).message).not.toMatch(/undefined|is not a function|Cannot read|JSON|token .* in/);
          refused++;
          return null;
        });
        if (opened) await requireDrawable(opened, exhibit);
      }),
      { numRuns: RUNS },
    );
    expect(refused).toBeGreaterThan(4);
  },
  240_000,
);

test.each([
  ['step.site', 'drop', /step\.site is missing/],
  ['access.loads', 'drop', /access\.loads is missing/],
  ['access.buffer', 'huge', /access\.buffer says 4294967280/],
  ['step.dispatch', 'huge', /step\.dispatch says/],
  ['step.workgroup', 'huge', /step\.workgroup says/],
  ['step.access', 'cut', /step\.access has \d+ rows in place of/],
  ['access.loads', 'huge', /access\.loads of .* do not add up/],
] as const)('the column %s with %s is refused by name', async (column, how, message) => {
  const parts = takeApart('attention-first-look');
  const at = parts.trace.index.findIndex(({ name }) => name === column);
  const file = putTogether(applied(parts, { part: 'column', at, row: 1, how }));
  await expect(decodeRecordingFile(file, 'mine.rec', CHECKS)).rejects.toThrow(message);
});

test('a small file that says, or holds, gigabytes is refused while it is unpacked', async () => {
  const parts = takeApart('attention-first-look');
  const said = structuredClone(parts.trace);
  said.index[0]!.length = 2 ** 26;
  await expect(decodeRecordingFile(putTogether({ ...parts, trace: said }), 'x.rec', CHECKS)).rejects.toThrow(
    /at most \d+ are read of one this size/,
  );
  // Zeros behind the header without end: nobody asks for them.
  const bomb = structuredClone(parts);
  bomb.columns.push(new Uint8Array(2 ** 25));
  await expect(decodeRecordingFile(putTogether(bomb), 'x.rec', CHECKS)).rejects.toThrow(/unpacks to more than/);
  const header = { ...(parts.header as object), warnings: ['x'.repeat(2 ** 25)] } as unknown as Json;
  await expect(decodeRecordingFile(putTogether({ ...parts, header }), 'x.rec', CHECKS)).rejects.toThrow(
    /at most \d+ can be used/,
  );
}, 60_000);

test.each([
  ['the trace', { 'trace.bin': new Uint8Array(2 ** 26) }, /trace\.bin unpacks to 67108864 bytes/],
  ['the header', { 'recording.json': new Uint8Array(2 ** 24).fill(0x20) }, /recording\.json unpacks to 16777216 bytes/],
  ['a tensor', { 'inputs/q.bin': new Uint8Array(2 ** 26) }, /inputs\/q\.bin unpacks to 67108864 bytes/],
] as const)('where %s is zeros without end, it is refused before that is unpacked', async (_part, files, message) => {
  const { files: own, header, trace, columns } = takeApart('attention-first-look');
  const whole = unzipSync(putTogether({ files: own, header, trace, columns }));
  const size = Object.values(whole).reduce((sum, { length }) => sum + length, 0);
  const bomb = zipSync({ ...whole, ...files }, { level: 6 });
  const unpacked = await bytesUnpacked(() =>
    expect(decodeRecordingFile(bomb, 'x.rec', CHECKS)).rejects.toThrow(message),
  );
  // What comes before the zeros is looked at, and unpacks to its own size.
  expect(unpacked).toBeLessThan(2 * bomb.length + 2 * size + 2 ** 20);
});

test('a config of other sizes than what ran is refused, and one of other keys', async () => {
  const parts = takeApart('attention-first-look');
  const open = (config: object) => {
    const header = { ...(parts.header as object), config } as unknown as Json;
    return openRecordingFile(putTogether({ ...parts, header }), 'mine.rec', mechanisms, 'attention');
  };
  const { config } = parts.header as { config: Record<string, Json> };
  await expect(open(config)).resolves.toMatchObject({ mechanism: 'attention' });
  await expect(open({ ...config, nq: 3, seqlensQ: [3] })).rejects.toThrow(/config is of other sizes than what ran: q/);
  await expect(open({ ...config, nq: 'many' })).rejects.toThrow(/config\.nq/);
  await expect(open({ ...config, colour: 3 })).rejects.toThrow(/config\.colour/);
});
