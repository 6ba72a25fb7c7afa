// The WGSL appended to an instrumented kernel: the recorder's buffer, its private counters, and the functions that flush them.
// Only wrappers around index expressions are made elsewhere (wrappers.ts). Nothing here contains a barrier, and no function that
// returns a value returns from inside a branch, so the kernel's control flow stays as uniform as it was.

import type { Names } from '../text/names.ts';
import type { BufferUse, InstrumentOptions } from '../text/recorder-contract.ts';
import {
  ALL_INVOCATIONS,
  BUFFER_WORDS,
  counterOffset,
  HEADER,
  isMarked,
  LOG_KIND,
  LOG_WORDS,
  PROBE_WORDS,
  SLOT_TICKET,
  slotLayout,
} from '../text/recorder-layout.ts';
import type { TrackedBuffer } from './kernel-buffers.ts';
import type { StepRegions, StepUse } from './step-regions.ts';

export interface ShaderFacts {
  names: Names;
  options: InstrumentOptions;
  buffers: readonly TrackedBuffer[];
  uses: readonly BufferUse[];
  /** Block counters in use. */
  counters: number;
  regions: StepRegions;
  /** Words that each record line writes, its head excepted. */
  records: readonly number[];
  workgroupSize: readonly number[];
  recorder: { group: number; binding: number };
  /** Whether accesses past the end are watched. */
  watches: boolean;
  /** Probe slots tried before a step is dropped. */
  attempts?: number;
}

const NO_SLOT = '0u';
const TABLE_FULL = '0xffffffffu';

/** All module-scope text of the recorder, helpers excepted. */
export function recorderText(facts: ShaderFacts): string {
  const { options } = facts;
  const needsSlots = options.steps || options.log || facts.records.length > 0;
  return [
    declarations(facts),
    needsSlots ? slotText(facts) : '',
    options.steps ? flushText(facts) : '',
    facts.watches ? pastText(facts) : '',
    touchText(facts),
    options.log ? logText(facts) : '',
    facts.records.map((values, line) => recordText(facts, line, values)).join('\n'),
    beginText(facts),
    endText(facts),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function declarations({ names, buffers, uses, counters, regions, recorder, watches }: ShaderFacts): string {
  const { prefix } = names;
  const lines = [
    `@group(${recorder.group}) @binding(${recorder.binding}) var<storage, read_write> ${names.recorder}: array<atomic<u32>>;`,
    `var<private> ${prefix}workgroup: u32; var<private> ${prefix}invocation: u32;`,
    `var<private> ${prefix}site: u32; var<private> ${prefix}visit: u32; var<private> ${prefix}slot: u32;`,
    `var<private> ${prefix}step_offset: u32; var<private> ${prefix}step_mask: u32; var<private> ${prefix}probed: bool;`,
  ];
  if (watches) lines.push(`var<private> ${names.past}_at: u32;`);
  for (let counter = 0; counter < counters; counter++) lines.push(`var<private> ${names.blockCounter(counter)}: u32;`);
  for (let site = 1; site < regions.endedAt.length; site++) lines.push(`var<private> ${prefix}visits${site}: u32;`);
  for (const { index, open } of buffers) {
    lines.push(
      `var<private> ${prefix}words${index}: u32; var<private> ${prefix}map_l${index}: u32; var<private> ${prefix}map_s${index}: u32;`,
    );
    if (open) lines.push(`var<private> ${names.lastElement(index)}: u32;`);
  }
  for (const { buffer, kinds, mixed, span } of uses) {
    for (const kind of kinds) lines.push(`var<private> ${names.stepCount(buffer, kind)}: u32;`);
    for (const kind of mixed) lines.push(`var<private> ${names.stepBytes(buffer, kind)}: u32;`);
    if (span) lines.push(`var<private> ${prefix}first${buffer}: u32; var<private> ${prefix}last${buffer}: u32;`);
  }
  return lines.join('\n');
}

// A lock-free hash table keyed by (workgroup, visit, site). Each key word is claimed by compare-exchange, in that order. Words
// never change once set, so all invocations with one key take the same decisions and end in the same slot. One loop with one
// compare-exchange in it and no load before it, because some compilers inline every call and this is called from every flush.
function slotText({ names, uses, attempts = 64 }: ShaderFacts): string {
  const { prefix, recorder } = names;
  const { words } = slotLayout(uses);
  return `fn ${prefix}find_slot() {
  if (${prefix}slot == ${NO_SLOT}) {
    var hash = (${prefix}workgroup * 0x9e3779b1u) ^ (${prefix}visit * 0x85ebca6bu) ^ (${prefix}site * 0xc2b2ae35u);
    hash = (hash ^ (hash >> 15u)) * 0x2c1b3c6du;
    hash = hash ^ (hash >> 12u);
    var attempt = 0u;
    var word = 0u;
    loop {
      let at = ${prefix}step_offset + ((hash + attempt) & ${prefix}step_mask) * ${words}u;
      let key = 1u + select(select(${prefix}site, ${prefix}visit, word == 1u), ${prefix}workgroup, word == 0u);
      let exchange = atomicCompareExchangeWeak(&${recorder}[at + word], 0u, key);
      let found = select(exchange.old_value, key, exchange.exchanged);
      if (found == key) {
        word += 1u;
        if (word == 3u) { ${prefix}slot = at; break; }
      } else if (found != 0u) {
        word = 0u;
        attempt += 1u;
        if (attempt == ${attempts}u) { ${prefix}slot = ${TABLE_FULL}; break; }
      }
    }
  }
}`;
}

/** The flushes: one for each site, each writing only what the steps that can end there may have accessed. */
function flushText(facts: ShaderFacts): string {
  const { prefix } = facts.names;
  const flushes = new Map<string, string>();
  const call = (uses: StepUse[] | undefined): string => {
    if (!uses) return ''; // certainly an empty step
    const body = flushBody(facts, uses);
    if (!flushes.has(body)) flushes.set(body, `${prefix}flush${flushes.size}`);
    return `${flushes.get(body)}(); `;
  };
  const steps = facts.regions.endedAt
    .map((uses, site) => {
      const next = `${prefix}site = ${site}u; ${prefix}visit = ${prefix}visits${site}; ${prefix}visits${site} += 1u;`;
      return site === 0 ? '' : `fn ${prefix}step${site}() { ${call(uses)}${next} }`;
    })
    .filter((text) => text !== '');
  steps.push(`fn ${prefix}last_step() { ${call(facts.regions.endedAtExit)}}`);
  return [...[...flushes].map(([body, name]) => `fn ${name}() {\n${body}\n}`), ...steps].join('\n');
}

function flushBody({ names, uses }: ShaderFacts, ended: readonly StepUse[]): string {
  const { prefix, recorder } = names;
  const counts: string[] = [];
  const writes: string[] = [];
  const resets: string[] = [];
  for (const { buffer, field, kind, word } of slotLayout(uses).fields) {
    if (!ended.some((use) => use.buffer === buffer && (kind === undefined || use.kind === kind))) continue;
    const at = `&${recorder}[${prefix}slot + ${word}u]`;
    if (field === 'count' || field === 'bytes') {
      const name = field === 'count' ? names.stepCount(buffer, kind!) : names.stepBytes(buffer, kind!);
      if (field === 'count') counts.push(name);
      writes.push(`atomicAdd(${at}, ${name});`);
      resets.push(`${name} = 0u;`);
    } else {
      const name = `${prefix}${field}${buffer}`;
      writes.push(`atomicMax(${at}, ${name});`);
      resets.push(`${name} = 0u;`);
    }
  }
  const any = [`${prefix}slot`, ...counts].join(' | ');
  return `  if ((${any}) != 0u) {
    ${prefix}find_slot();
    if (${prefix}slot == ${TABLE_FULL}) {
      atomicAdd(&${recorder}[${HEADER.droppedFlushes}u], 1u);
    } else {
      atomicMax(&${recorder}[${prefix}slot + ${SLOT_TICKET}u], ~atomicAdd(&${recorder}[${HEADER.ticket}u], 1u));
      ${writes.join(' ')}
    }
    ${resets.join(' ')}
    ${prefix}slot = ${NO_SLOT};
  }`;
}

/** Called only where an index is out of range: kernels that stay inside do not pay for it. */
function pastText({ names }: ShaderFacts): string {
  return `fn ${names.past}(place: u32) { atomicAdd(&${names.recorder}[${names.past}_at + place], 1u); }`;
}

/** One function for each buffer and access kind; called with a 4-byte word of the buffer, never beyond it: every index was clamped. */
function touchText({ names, options, buffers, uses }: ShaderFacts): string {
  const { prefix, recorder } = names;
  const texts: string[] = [];
  for (const { buffer, kinds, span } of uses) {
    const storage = buffers[buffer]!.space === 'storage';
    if (!options.log && !storage) continue;
    const marked = isMarked(options, buffers[buffer]!.variable);
    for (const kind of kinds) {
      const body: string[] = [];
      const map = `${prefix}map_${kind === 'load' ? 'l' : 's'}${buffer}`;
      if (storage && kind !== 'atomic') {
        const at = (cell: string) => `&${recorder}[select(${HEADER.nowhere}u, ${map} + ${cell}, ${map} != 0u)]`;
        body.push(marked ? `atomicOr(${at('(word >> 5u)')}, 1u << (word & 31u));` : `atomicAdd(${at('word')}, 1u);`);
      }
      if (span)
        body.push(
          // Both by max, the lowest inverted and the highest one up: zero means none.
          `${prefix}first${buffer} = max(${prefix}first${buffer}, ~word); ${prefix}last${buffer} = max(${prefix}last${buffer}, word + 1u);`,
        );
      if (options.log) body.push(`${prefix}log(${buffer}u, word, ${LOG_KIND[kind]}u);`);
      texts.push(`fn ${names.touch(buffer, kind)}(word: u32) { ${body.join(' ')} }`);
    }
  }
  return texts.join('\n');
}

function logText({ names }: ShaderFacts): string {
  const { prefix, recorder } = names;
  const store = (word: number, value: string) => `atomicStore(&${recorder}[to + ${word}u], ${value});`;
  return `fn ${prefix}log(buffer: u32, word: u32, kind: u32) {
  ${prefix}find_slot();
  let record = atomicAdd(&${recorder}[${HEADER.logCursor}u], 1u);
  if (record < atomicLoad(&${recorder}[${HEADER.logCapacity}u])) {
    let to = atomicLoad(&${recorder}[${HEADER.logOffset}u]) + record * ${LOG_WORDS}u;
    ${store(0, `${prefix}slot`)} ${store(1, `${prefix}invocation`)} ${store(2, 'buffer')} ${store(3, 'word')} ${store(4, 'kind')}
  }
}`;
}

function recordText({ names }: ShaderFacts, line: number, values: number): string {
  const { prefix, recorder } = names;
  const words = PROBE_WORDS + values;
  const parameters = Array.from({ length: values }, (_, i) => `v${i}: f32`).join(', ');
  const stores = [`${line + 1}u`, `${prefix}slot`, `${prefix}invocation`]
    .concat(Array.from({ length: values }, (_, i) => `bitcast<u32>(v${i})`))
    .map((value, word) => `atomicStore(&${recorder}[to + ${word}u], ${value});`)
    .join(' ');
  return `fn ${prefix}record${line}(${parameters}) {
  if (${prefix}probed) {
    ${prefix}find_slot();
    if (${prefix}slot == ${TABLE_FULL}) {
      atomicAdd(&${recorder}[${HEADER.droppedProbes}u], 1u);
    } else {
      let at = atomicAdd(&${recorder}[${HEADER.probeCursor}u], ${words}u);
      let capacity = atomicLoad(&${recorder}[${HEADER.probeCapacity}u]);
      if (at < capacity && capacity - at >= ${words}u) {
        let to = atomicLoad(&${recorder}[${HEADER.probeOffset}u]) + at;
        ${stores}
      }
    }
  }
}`;
}

/** Called first thing in the entry point. */
function beginText({ names, options, buffers, records, workgroupSize, watches }: ShaderFacts): string {
  const { prefix, recorder } = names;
  const read = (word: number) => `atomicLoad(&${recorder}[${word}u])`;
  const lines = [
    `${prefix}workgroup = id.x + count.x * (id.y + count.y * id.z);`,
    `${prefix}invocation = ${prefix}workgroup * ${workgroupSize.reduce((product, n) => product * n, 1)}u + local;`,
  ];
  if (options.steps || options.log || records.length > 0)
    lines.push(`${prefix}step_offset = ${read(HEADER.stepOffset)}; ${prefix}step_mask = ${read(HEADER.stepMask)};`);
  if (watches)
    lines.push(`${names.past}_at = ${read(HEADER.pastOffset)} + ${prefix}workgroup * ${read(HEADER.pastStride)};`);
  for (const { index, space, open } of buffers) {
    if (space !== 'storage') continue;
    const at = HEADER.buffers + BUFFER_WORDS * index;
    lines.push(`${prefix}words${index} = ${read(at)};`);
    if (open) {
      const bytes = `(${prefix}words${index} * 4u - ${open.offset}u)`;
      lines.push(`${names.lastElement(index)} = ${bytes} / ${open.stride}u - 1u;`);
    }
    lines.push(`${prefix}map_l${index} = ${read(at + 1)}; ${prefix}map_s${index} = ${read(at + 2)};`);
  }
  if (records.length > 0)
    lines.push(`let wanted = ${read(HEADER.wantedCount)};
  if (wanted == ${ALL_INVOCATIONS}u) { ${prefix}probed = true; } else {
    let list = ${read(HEADER.wantedOffset)};
    for (var i = 0u; i < wanted; i++) { if (atomicLoad(&${recorder}[list + i]) == ${prefix}invocation) { ${prefix}probed = true; } }
  }`);
  return `fn ${prefix}begin(id: vec3<u32>, count: vec3<u32>, local: u32) {
  ${lines.join('\n  ')}
}`;
}

/**
 * Called at every exit of the entry point. The counters are 64 bits wide: a low word and the carries out of it. They are gathered
 * in an array only here, where each is read once more: a loop compiles in a third of the time of as many statements.
 */
function endText({ names, options, counters, buffers }: ShaderFacts): string {
  const { prefix, recorder } = names;
  const low = counterOffset(buffers.length);
  const lines = options.steps ? [`${prefix}last_step();`] : [];
  if (counters > 0) {
    const values = Array.from({ length: counters }, (_, counter) => names.blockCounter(counter));
    lines.push(`var counts = array<u32, ${counters}>(${values.join(', ')});
  for (var i = 0u; i < ${counters}u; i++) {
    let n = counts[i];
    if (n != 0u && atomicAdd(&${recorder}[${low}u + i], n) > ~n) { atomicAdd(&${recorder}[${low + counters}u + i], 1u); }
  }`);
  }
  return `fn ${prefix}end() {
  ${lines.join('\n  ')}
}`;
}
