// A trace that came in a file, looked at once before anything is made of it: what its header says is of the right kind, every column that it
// speaks of is there, of the right length, and holds indices of things that there are; and the parts say the same. What passes can be read
// without a further look.

import { NO_STEP } from './decode.ts';
import { badRecording, isCount, isName, isRecord } from './header-values.ts';
import type { NarrowForm } from './narrow.ts';
import type { TraceMeta } from './recorded-trace.ts';
import type { Columns } from './steps.ts';

/** Of a list in the header: buffers, dispatches, sites, counted lines. */
const MOST_ENTRIES = 65_536;
/** A recorder has a word for each word of a buffer, in 64 MiB. */
const MOST_WORDS = 2 ** 24;
const MOST_LINES = 100_000;

function need(isSo: boolean, field: string, why: string, value?: unknown, limit?: unknown): asserts isSo {
  if (!isSo) throw badRecording(field, why, value, limit);
}

const isTriple = (value: unknown, least: number) =>
  Array.isArray(value) && value.length === 3 && value.every((each) => isCount(each, 2 ** 32) && each >= least);

function listOf(list: unknown, field: string, holds: (entry: Record<string, unknown>) => boolean): void {
  need(Array.isArray(list) && list.length <= MOST_ENTRIES, field, 'is no list, or too long a one');
  const bad = list.findIndex((entry: unknown) => !isRecord(entry) || !holds(entry));
  need(bad < 0, `${field}.${bad}`, 'is not as it has to be', list[bad]);
}

/** Whether every one of the keys holds a count. */
const counts = (entry: Record<string, unknown>, ...keys: string[]) => keys.every((key) => isCount(entry[key]));

/** @throws EngineError bad-file naming what is wrong; nothing else, whatever came out of the file */
export function checkTrace(meta: TraceMeta, columns: Columns): void {
  checkMeta(meta);
  checkColumns(meta, columns);
}

function checkMeta(meta: TraceMeta): void {
  const { sources, events, operations, sitesOf, siteTables, touches, records } = meta as unknown as Record<
    string,
    unknown
  >;
  need(
    isRecord(sources) && Object.values(sources).every((text) => typeof text === 'string'),
    'sources',
    'are no texts',
  );
  const isKernel = (name: unknown) => isName(name) && Object.hasOwn(sources, name);
  listOf(
    meta.buffers,
    'buffers',
    ({ name, space, elementBytes, length }) =>
      isName(name) &&
      (space === 'storage' || space === 'workgroup') &&
      isCount(elementBytes, 4096) &&
      isCount(length, 2 ** 32),
  );
  listOf(
    meta.totals,
    'totals',
    (total) =>
      counts(total, 'loads', 'stores', 'atomics', 'loadBytes', 'storeBytes') &&
      [total.uniqueLoaded, total.uniqueStored].every((unique) => Number.isNaN(unique) || isCount(unique)),
  );
  need(
    meta.totals.length === meta.buffers.length,
    'totals',
    'are not one for each buffer',
    meta.totals.length,
    meta.buffers.length,
  );
  const stray = meta.totals.findIndex(({ buffer }, i) => buffer !== meta.buffers[i]!.name);
  need(stray < 0, `totals.${stray}`, 'is of another buffer', meta.totals[stray]?.buffer, meta.buffers[stray]?.name);
  need(
    isRecord(operations) && counts(operations, 'multiply', 'add', 'divide', 'compare', 'special'),
    'operations',
    'are no counts',
  );
  need(
    isRecord(events) && Object.entries(events).every(([name, n]) => isName(name) && isCount(n)),
    'events',
    'are no counts',
  );
  listOf(
    meta.dispatches,
    'dispatches',
    ({ kernel, workgroups, workgroupSize, stepSource }) =>
      isKernel(kernel) &&
      isTriple(workgroups, 0) &&
      isTriple(workgroupSize, 1) &&
      ['markers', 'barriers', 'loop', 'workgroup'].includes(stepSource as string),
  );
  listOf(
    meta.lines,
    'lines',
    (line) => isKernel(line.kernel) && isCount(line.line, MOST_LINES) && counts(line, 'executions', 'loads', 'stores'),
  );
  const { outOfBounds } = meta;
  if (outOfBounds !== undefined)
    listOf(
      outOfBounds,
      'outOfBounds',
      ({ dispatch, workgroup, buffer, line, ...row }) =>
        isCount(dispatch, meta.dispatches.length - 1) &&
        (workgroup === undefined ||
          isCount(workgroup, meta.dispatches[dispatch]!.workgroups.reduce((product, n) => product * n, 1) - 1)) &&
        meta.buffers.some(({ name }) => name === buffer) &&
        isCount(line, MOST_LINES) &&
        counts(row, 'loads', 'stores', 'atomics'),
    );
  need(Array.isArray(siteTables) && siteTables.length <= MOST_ENTRIES, 'siteTables', 'are no list');
  for (const [i, table] of (siteTables as unknown[]).entries())
    listOf(
      table,
      `siteTables.${i}`,
      ({ name, kind, lines }) =>
        (name === undefined || isName(name)) &&
        isName(kind) &&
        Array.isArray(lines) &&
        lines.length <= MOST_LINES &&
        lines.every(isRange),
    );
  need(
    Array.isArray(sitesOf) &&
      sitesOf.length === meta.dispatches.length &&
      sitesOf.every((each) => isCount(each, siteTables.length - 1)),
    'sitesOf',
    'does not name a table for each dispatch',
  );
  if (touches !== undefined)
    listOf(
      touches,
      'touches',
      ({ buffer, loads, stores }) =>
        meta.buffers.some(({ name, space }) => name === buffer && space === 'storage') &&
        isForm(loads) &&
        isForm(stores),
    );
  if (records !== undefined)
    listOf(
      records,
      'records',
      ({ kernel, line, values, at, written }) =>
        isKernel(kernel) &&
        isCount(line, MOST_LINES) &&
        [values, at, written].every((names) => Array.isArray(names) && names.every(isName)) &&
        (written as string[]).length === (values as string[]).length + (at as string[]).length,
    );
  for (const key of ['hasLog', 'truncated', 'matchesPlain'] as const)
    need(typeof meta[key] === 'boolean', key, 'is neither true nor false', meta[key]);
  const { cut } = meta as { cut?: unknown };
  need(cut === undefined || (Array.isArray(cut) && cut.every(isName)), 'cut', 'does not name what was cut');
  const { largestDifference: most } = meta;
  need(most === undefined || most === null || typeof most === 'number', 'largestDifference', 'is no number', most);
}

const isRange = (range: unknown) =>
  Array.isArray(range) &&
  range.length === 2 &&
  range.every((line) => isCount(line, MOST_LINES)) &&
  Number(range[0]) <= Number(range[1]);

const isForm = (form: unknown) =>
  isRecord(form) &&
  isCount(form.length, MOST_WORDS) &&
  [0, 8, 16, 32].includes(form.bits as number) &&
  (form.constant === undefined || isCount(form.constant, 2 ** 32 - 1));

/** @throws EngineError bad-file naming the column, or what of the header it contradicts */
function checkColumns(meta: TraceMeta, columns: Columns): void {
  const of = (name: string, length: number | undefined, isFloat = false) => {
    const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
    need(column !== undefined, name, 'is missing');
    need(column instanceof (isFloat ? Float32Array : Uint32Array), name, 'is of another type');
    if (length !== undefined)
      need(column.length === length, name, `has ${column.length} rows in place of ${length}`, column.length, length);
    return column as Uint32Array;
  };
  const below = (name: string, column: Uint32Array, limit: number, orNone = false) => {
    const bad = column.findIndex((value) => value >= limit && !(orNone && value === NO_STEP));
    need(bad < 0, name, `says ${column[bad]} in row ${bad}; there are ${limit}`, column[bad], limit);
  };
  const steps = of('step.site', undefined).length;
  checkSteps(meta, of, below, steps);
  for (const { buffer, loads, stores } of meta.touches ?? [])
    for (const [kind, form] of [
      ['loads', loads],
      ['stores', stores],
    ] as const)
      if (form.bits > 0) of(`touch.${buffer}.${kind}`, wordsOf(form));
  for (const [table, { written, values }] of (meta.records ?? []).entries()) {
    const step = of(`record.${table}.step`, undefined);
    below(`record.${table}.step`, step, steps, true);
    needAscending(`record.${table}.step`, step);
    of(`record.${table}.invocation`, step.length);
    for (const i of written.keys()) {
      const column = of(`record.${table}.${i}`, step.length, true);
      const bad = i < values.length ? -1 : column.findIndex((value) => !isCount(value, MOST_WORDS));
      need(bad < 0, `record.${table}.${i}`, `has no coordinate in row ${bad}`, column[bad], MOST_WORDS);
    }
  }
  if (!meta.hasLog) return;
  const log = of('log.step', undefined);
  below('log.step', log, steps, true);
  for (const name of ['invocation', 'buffer', 'index', 'kind']) of(`log.${name}`, log.length);
  below('log.buffer', of('log.buffer', undefined), meta.buffers.length);
  below('log.kind', of('log.kind', undefined), 3);
}

const wordsOf = ({ length, bits }: NarrowForm) => Math.ceil((length * bits) / 32);

function needAscending(name: string, column: Uint32Array): void {
  const bad = column.findIndex((value, row) => row > 0 && value < column[row - 1]!);
  need(bad < 0, name, `falls in row ${bad}`, column[bad]);
}

type Of = (name: string, length: number | undefined) => Uint32Array;
type Below = (name: string, column: Uint32Array, limit: number) => void;

function checkSteps(meta: TraceMeta, of: Of, below: Below, steps: number): void {
  const [site, dispatch, workgroup] = ['site', 'dispatch', 'workgroup'].map((key) => of(`step.${key}`, steps));
  for (const key of ['phase', 'visit', 'ticket']) of(`step.${key}`, steps);
  below('step.dispatch', dispatch!, meta.dispatches.length);
  needAscending('step.dispatch', dispatch!);
  below('step.phase', of('step.phase', steps), Math.max(steps, 1));
  const groups = meta.dispatches.map(({ workgroups: [x, y, z] }) => x * y * z);
  for (let step = 0; step < steps; step++) {
    const sites = meta.siteTables[meta.sitesOf[dispatch![step]!]!]!.length;
    need(
      site![step]! < sites,
      'step.site',
      `says ${site![step]} in row ${step}; there are ${sites}`,
      site![step],
      sites,
    );
    const most = groups[dispatch![step]!]!;
    need(
      workgroup![step]! < most,
      'step.workgroup',
      `says ${workgroup![step]} in row ${step}; there are ${most}`,
      workgroup![step],
      most,
    );
  }
  const start = of('step.access', steps + 1);
  needAscending('step.access', start);
  const rows = of('access.buffer', undefined).length;
  need(
    start[0] === 0 && start[steps] === rows,
    'step.access',
    'does not begin and end where the accesses do',
    start[steps],
    rows,
  );
  below('access.buffer', of('access.buffer', undefined), meta.buffers.length);
  for (const key of ['loads', 'stores', 'atomics', 'loadBytes', 'storeBytes', 'first', 'last'])
    of(`access.${key}`, rows);
  if (meta.truncated || steps === 0) return;
  // What the steps did is what the run did.
  for (const key of ['loads', 'stores', 'loadBytes', 'storeBytes'] as const) {
    const sums = new Float64Array(meta.buffers.length);
    const [buffer, column] = [of('access.buffer', rows), of(`access.${key}`, rows)];
    for (let row = 0; row < rows; row++) sums[buffer[row]!]! += column[row]!;
    const bad = sums.findIndex((sum, i) => sum !== meta.totals[i]![key]);
    need(
      bad < 0,
      `access.${key}`,
      `of ${meta.buffers[bad]?.name} do not add up to the run's`,
      sums[bad],
      meta.totals[bad]?.[key],
    );
  }
}
