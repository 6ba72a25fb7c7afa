// Sizes the recorder's buffer for one dispatch and writes its header.

import { EngineError } from '../core/errors.ts';
import type { Instrumented, RecordingLayout } from '../wgsl/text/recorder-contract.ts';
import {
  ALL_INVOCATIONS,
  BUFFER_WORDS,
  fixedWords,
  HEADER,
  isMarked,
  LOG_WORDS,
  PROBE_WORDS,
  slotLayout,
} from '../wgsl/text/recorder-layout.ts';

export interface RecordingRequest {
  /** Of the dispatch; for an indirect one, the most it can be. */
  workgroups: readonly [number, number, number];
  /** Bytes bound to each storage variable. */
  bindingBytes: Readonly<Record<string, number>>;
  /** Bound on the buffer, bytes. */
  maxBytes: number;
  /** From the recording before, when that was cut short. */
  stepCapacityHint?: number;
  probeWordsHint?: number;
  logRecordsHint?: number;
}

const MIB = 1 << 18; // words
const DEFAULT_STEPS = 32768;
const LEAST_PROBE_WORDS = MIB;
const MOST_PROBE_WORDS = 4 * MIB;
/** Records that room is made for at first, by invocation. A recording that needs more says so and is made again. */
const PROBES_PER_INVOCATION = 64;
const DEFAULT_LOG_RECORDS = MIB / 8;
/**
 * Words for accesses past the end, and their share of all: where workgroups have none each, they share them, and lines still tell theirs
 * apart. Most runs have none to count: touches, of which every run has many, come first.
 */
const MOST_PAST_WORDS = 1 << 14;
const PAST_SHARE = 1 / 8;

/**
 * Lays out the regions: header and counters, touch maps, wanted invocations, steps, records, log. What does not fit in `maxBytes`
 * shrinks, touch maps first to last being all or nothing; the recording then says that it is truncated.
 *
 * @throws EngineError limit-exceeded when not even the counters fit
 */
export function planRecording(instrumented: Instrumented, request: RecordingRequest): RecordingLayout {
  const { options, buffers, uses, accounting, records, watched } = instrumented;
  const limit = Math.floor(request.maxBytes / 4);
  const pastOffset = fixedWords(buffers.length, accounting.counters);
  let words = pastOffset + watched.length;
  if (words > limit)
    throw new EngineError('limit-exceeded', `the recorder needs at least ${4 * words} bytes`, {
      field: 'maxBytes',
      value: request.maxBytes,
      limit: 4 * words,
    });
  const take = (wanted: number): number => {
    const at = words;
    words += wanted;
    return at;
  };

  const workgroups = request.workgroups.reduce((product, n) => product * n, 1);
  const pastWords = watched.length * workgroups;
  const areApart = workgroups > 0 && pastWords <= Math.min(MOST_PAST_WORDS, PAST_SHARE * limit);
  if (areApart) words = pastOffset + pastWords;

  const wanted = Array.isArray(options.probes) ? options.probes : [];
  const wantedOffset = take(wanted.length);
  const header = new Uint32Array(
    Math.max(HEADER.buffers + BUFFER_WORDS * buffers.length, wantedOffset + wanted.length),
  );
  header[HEADER.pastOffset] = pastOffset;
  header[HEADER.pastStride] = areApart ? watched.length : 0;
  header[HEADER.wantedCount] = options.probes === true ? ALL_INVOCATIONS : wanted.length;
  header[HEADER.wantedOffset] = wantedOffset;
  header.set(wanted, wantedOffset);

  const slotWords = slotLayout(uses).words;
  const needsSteps = options.steps || options.log || records.length > 0;
  const leastSteps = needsSteps ? 64 * slotWords : 0;

  const maps: RecordingLayout['maps'] = [];
  const omitted: string[] = [];
  for (const { buffer, kinds } of uses) {
    const { space, variable } = buffers[buffer]!;
    if (space !== 'storage') continue;
    const length = Math.ceil((request.bindingBytes[variable] ?? 0) / 4);
    const at = HEADER.buffers + BUFFER_WORDS * buffer;
    header[at] = length;
    if (length === 0) continue;
    const marked = isMarked(options, variable);
    const cells = marked ? Math.ceil(length / 32) : length;
    for (const kind of ['load', 'store'] as const) {
      if (!kinds.includes(kind)) continue;
      // Totals go before steps: marks need not leave room for them.
      if (words + cells + (marked ? 0 : leastSteps) > limit) {
        if (!omitted.includes(variable)) omitted.push(variable);
        continue;
      }
      const offset = take(cells);
      header[at + (kind === 'load' ? 1 : 2)] = offset;
      maps.push({ buffer, kind, offset, length, marked });
    }
  }

  let stepCapacity = 0;
  if (needsSteps) {
    const expected = request.stepCapacityHint ?? Math.max(DEFAULT_STEPS, 4 * workgroups * instrumented.sites.length);
    // Half of what is left at most goes to steps while records or a log want room too.
    const share = options.log || records.length > 0 ? 2 : 1;
    const most = Math.floor((limit - words) / share / slotWords);
    stepCapacity = Math.min(powerOfTwoAtLeast(expected), powerOfTwoAtMost(Math.max(1, most)));
    header[HEADER.stepOffset] = take(stepCapacity * slotWords);
    header[HEADER.stepMask] = stepCapacity - 1;
  }
  const record = PROBE_WORDS + Math.max(0, ...records.map(({ values, at }) => values.length + at.length));
  const invocations = instrumented.workgroupSize.reduce((product, n) => product * n, workgroups);
  const expectedProbes = Math.min(
    MOST_PROBE_WORDS,
    Math.max(LEAST_PROBE_WORDS, PROBES_PER_INVOCATION * invocations * record),
  );
  const probeWords =
    records.length === 0
      ? 0
      : Math.min(request.probeWordsHint ?? expectedProbes, Math.floor((limit - words) / (options.log ? 2 : 1)));
  header[HEADER.probeOffset] = take(probeWords);
  header[HEADER.probeCapacity] = probeWords;
  const logRecords = options.log
    ? Math.min(request.logRecordsHint ?? DEFAULT_LOG_RECORDS, Math.floor((limit - words) / LOG_WORDS))
    : 0;
  header[HEADER.logOffset] = take(logRecords * LOG_WORDS);
  header[HEADER.logCapacity] = logRecords;

  const pastRows = areApart ? workgroups : 1;
  return { byteLength: 4 * Math.max(4, words), header, stepCapacity, probeWords, logRecords, maps, omitted, pastRows };
}

function powerOfTwoAtLeast(n: number): number {
  return 2 ** Math.ceil(Math.log2(n));
}

function powerOfTwoAtMost(n: number): number {
  return 2 ** Math.floor(Math.log2(n));
}
