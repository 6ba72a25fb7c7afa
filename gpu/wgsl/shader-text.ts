// The WGSL appended to an instrumented kernel: the recorder's buffer, its private counters, and the functions that flush them.
// Only wrappers around index expressions are made elsewhere (wrappers.ts). Nothing here contains a barrier, and no function that
// returns a value returns from inside a branch, so the kernel's control flow stays as uniform as it was.

import type { TrackedBuffer } from './kernel-buffers.ts';
import type { Names } from './names.ts';
import type { BufferUse, InstrumentOptions } from './recorder.ts';
import {
  ALL_INVOCATIONS,
  BUFFER_WORDS,
  counterOffset,
  HEADER,
  LOG_KIND,
  LOG_WORDS,
  PROBE_WORDS,
  SLOT_TICKET,
  slotLayout,
} from './recorder-layout.ts';

export interface ShaderFacts {
  names: Names;
  options: InstrumentOptions;
  buffers: readonly TrackedBuffer[];
  uses: readonly BufferUse[];
  /** Block counters in use. */
  counters: number;
  sites: number;
  /** Number of values of each probe marker. */
  probes: readonly number[];
  workgroupSize: readonly number[];
  recorder: { group: number; binding: number };
  /** Probe slots tried before a step is dropped. */
  attempts?: number;
}

const NO_SLOT = '0u';
const TABLE_FULL = '0xffffffffu';

/** All module-scope text of the recorder, helpers excepted. */
export function recorderText(facts: ShaderFacts): string {
  const { options } = facts;
  const needsSlots = options.steps || options.log || facts.probes.length > 0;
  return [
    declarations(facts),
    needsSlots ? slotText(facts) : '',
    options.steps ? flushText(facts) : '',
    touchText(facts),
    options.log ? logText(facts) : '',
    facts.probes.map((values, marker) => probeText(facts, marker, values)).join('\n'),
    beginText(facts),
    endText(facts),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function declarations({ names, buffers, uses, counters, sites, recorder }: ShaderFacts): string {
  const { prefix } = names;
  const lines = [
    `@group(${recorder.group}) @binding(${recorder.binding}) var<storage, read_write> ${names.recorder}: array<atomic<u32>>;`,
    `var<private> ${prefix}workgroup: u32; var<private> ${prefix}invocation: u32;`,
    `var<private> ${prefix}site: u32; var<private> ${prefix}visit: u32; var<private> ${prefix}slot: u32;`,
    `var<private> ${prefix}step_offset: u32; var<private> ${prefix}step_mask: u32; var<private> ${prefix}probed: bool;`,
  ];
  for (let counter = 0; counter < counters; counter++) lines.push(`var<private> ${names.blockCounter(counter)}: u32;`);
  for (let site = 1; site < sites; site++) lines.push(`var<private> ${prefix}visits${site}: u32;`);
  for (const { index } of buffers)
    lines.push(
      `var<private> ${prefix}words${index}: u32; var<private> ${prefix}map_l${index}: u32; var<private> ${prefix}map_s${index}: u32;`,
    );
  for (const { buffer, kinds, mixed, span } of uses) {
    for (const kind of kinds) lines.push(`var<private> ${names.stepCount(buffer, kind)}: u32;`);
    for (const kind of mixed) lines.push(`var<private> ${names.stepBytes(buffer, kind)}: u32;`);
    if (span)
      lines.push(`var<private> ${prefix}first${buffer}: u32 = 0xffffffffu; var<private> ${prefix}last${buffer}: u32;`);
  }
  return lines.join('\n');
}

// A lock-free hash table keyed by (workgroup, visit, site). Each key word is claimed by compare-exchange, in that order. Words
// never change once set, so all invocations with one key take the same decisions and end in the same slot.
function slotText({ names, uses, attempts = 64 }: ShaderFacts): string {
  const { prefix, recorder } = names;
  const { words } = slotLayout(uses);
  return `fn ${prefix}claim(at: u32, key: u32) -> bool {
  var found = atomicLoad(&${recorder}[at]);
  while (found == 0u) {
    let exchange = atomicCompareExchangeWeak(&${recorder}[at], 0u, key);
    found = exchange.old_value;
    if (exchange.exchanged) { found = key; }
  }
  return found == key;
}
fn ${prefix}find_slot() {
  if (${prefix}slot != ${NO_SLOT}) { return; }
  var hash = (${prefix}workgroup * 0x9e3779b1u) ^ (${prefix}visit * 0x85ebca6bu) ^ (${prefix}site * 0xc2b2ae35u);
  hash = (hash ^ (hash >> 15u)) * 0x2c1b3c6du;
  hash = hash ^ (hash >> 12u);
  for (var attempt = 0u; attempt < ${attempts}u; attempt++) {
    let at = ${prefix}step_offset + ((hash + attempt) & ${prefix}step_mask) * ${words}u;
    if (${prefix}claim(at, ${prefix}workgroup + 1u) && ${prefix}claim(at + 1u, ${prefix}visit + 1u) && ${prefix}claim(at + 2u, ${prefix}site + 1u)) {
      ${prefix}slot = at;
      return;
    }
  }
  ${prefix}slot = ${TABLE_FULL};
}`;
}

function flushText({ names, uses, sites }: ShaderFacts): string {
  const { prefix, recorder } = names;
  const counts: string[] = [];
  const writes: string[] = [];
  const resets: string[] = [];
  const { fields } = slotLayout(uses);
  for (const { buffer, field, kind, word } of fields) {
    const at = `&${recorder}[${prefix}slot + ${word}u]`;
    if (field === 'count' || field === 'bytes') {
      const name = field === 'count' ? names.stepCount(buffer, kind!) : names.stepBytes(buffer, kind!);
      if (field === 'count') counts.push(name);
      writes.push(`if (${name} != 0u) { atomicAdd(${at}, ${name}); }`);
      resets.push(`${name} = 0u;`);
    } else if (field === 'first') {
      const name = `${prefix}first${buffer}`;
      writes.push(`if (${name} != 0xffffffffu) { atomicMax(${at}, ~${name}); }`);
    } else {
      const first = `${prefix}first${buffer}`;
      const last = `${prefix}last${buffer}`;
      writes.push(`if (${first} != 0xffffffffu) { atomicMax(${at}, ${last} + 1u); }`);
      resets.push(`${first} = 0xffffffffu; ${last} = 0u;`);
    }
  }
  const any = [`${prefix}slot`, ...counts].join(' | ');
  const steps = [];
  for (let site = 1; site < sites; site++)
    steps.push(
      `fn ${prefix}step${site}() { ${prefix}flush(); ${prefix}site = ${site}u; ${prefix}visit = ${prefix}visits${site}; ${prefix}visits${site} += 1u; }`,
    );
  return `fn ${prefix}flush() {
  if ((${any}) != 0u) {
    ${prefix}find_slot();
    if (${prefix}slot == ${TABLE_FULL}) {
      atomicAdd(&${recorder}[${HEADER.droppedFlushes}u], 1u);
    } else {
      atomicMax(&${recorder}[${prefix}slot + ${SLOT_TICKET}u], ~atomicAdd(&${recorder}[${HEADER.ticket}u], 1u));
      ${writes.join('\n      ')}
    }
    ${resets.join(' ')}
    ${prefix}slot = ${NO_SLOT};
  }
}
${steps.join('\n')}`;
}

/** One function for each buffer and access kind; called with a 4-byte word of the buffer. */
function touchText({ names, options, buffers, uses }: ShaderFacts): string {
  const { prefix, recorder } = names;
  const texts: string[] = [];
  for (const { buffer, kinds, span } of uses) {
    const storage = buffers[buffer]!.space === 'storage';
    if (!options.log && !(storage && (options.touches || span))) continue;
    for (const kind of kinds) {
      // An index out of range is clamped, as WGSL's implementations do, so that it cannot write outside the map.
      const body = [storage ? `let word = min(at, max(${prefix}words${buffer}, 1u) - 1u);` : 'let word = at;'];
      const map = `${prefix}map_${kind === 'load' ? 'l' : 's'}${buffer}`;
      if (storage && options.touches && kind !== 'atomic')
        body.push(`if (${map} != 0u) { atomicAdd(&${recorder}[${map} + word], 1u); }`);
      if (span)
        body.push(
          `${prefix}first${buffer} = min(${prefix}first${buffer}, word); ${prefix}last${buffer} = max(${prefix}last${buffer}, word);`,
        );
      if (options.log) body.push(`${prefix}log(${buffer}u, word, ${LOG_KIND[kind]}u);`);
      texts.push(`fn ${names.touch(buffer, kind)}(at: u32) { ${body.join(' ')} }`);
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

function probeText({ names }: ShaderFacts, marker: number, values: number): string {
  const { prefix, recorder } = names;
  const words = PROBE_WORDS + values;
  const parameters = Array.from({ length: values }, (_, i) => `v${i}: f32`).join(', ');
  const stores = [`${marker + 1}u`, `${prefix}slot`, `${prefix}invocation`]
    .concat(Array.from({ length: values }, (_, i) => `bitcast<u32>(v${i})`))
    .map((value, word) => `atomicStore(&${recorder}[to + ${word}u], ${value});`)
    .join(' ');
  return `fn ${prefix}probe${marker}(${parameters}) {
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
function beginText({ names, options, buffers, probes, workgroupSize }: ShaderFacts): string {
  const { prefix, recorder } = names;
  const read = (word: number) => `atomicLoad(&${recorder}[${word}u])`;
  const lines = [
    `${prefix}workgroup = id.x + count.x * (id.y + count.y * id.z);`,
    `${prefix}invocation = ${prefix}workgroup * ${workgroupSize.reduce((product, n) => product * n, 1)}u + local;`,
  ];
  if (options.steps || options.log || probes.length > 0)
    lines.push(`${prefix}step_offset = ${read(HEADER.stepOffset)}; ${prefix}step_mask = ${read(HEADER.stepMask)};`);
  for (const { index, space } of buffers) {
    if (space !== 'storage') continue;
    const at = HEADER.buffers + BUFFER_WORDS * index;
    lines.push(`${prefix}words${index} = ${read(at)};`);
    if (options.touches)
      lines.push(`${prefix}map_l${index} = ${read(at + 1)}; ${prefix}map_s${index} = ${read(at + 2)};`);
  }
  if (probes.length > 0)
    lines.push(`let wanted = ${read(HEADER.wantedCount)};
  if (wanted == ${ALL_INVOCATIONS}u) { ${prefix}probed = true; } else {
    let list = ${read(HEADER.wantedOffset)};
    for (var i = 0u; i < wanted; i++) { if (atomicLoad(&${recorder}[list + i]) == ${prefix}invocation) { ${prefix}probed = true; } }
  }`);
  return `fn ${prefix}begin(id: vec3<u32>, count: vec3<u32>, local: u32) {
  ${lines.join('\n  ')}
}`;
}

/** Called at every exit of the entry point. The counters are 64 bits wide: a low word and the carries out of it. */
function endText({ names, options, counters, buffers }: ShaderFacts): string {
  const { prefix, recorder } = names;
  const offset = counterOffset(buffers.length);
  const lines = options.steps ? [`${prefix}flush();`] : [];
  for (let counter = 0; counter < counters; counter++)
    lines.push(`${prefix}accumulate(${offset + 2 * counter}u, ${names.blockCounter(counter)});`);
  return `fn ${prefix}accumulate(at: u32, value: u32) {
  if (value != 0u) {
    if (atomicAdd(&${recorder}[at], value) > ~value) { atomicAdd(&${recorder}[at + 1u], 1u); }
  }
}
fn ${prefix}end() {
  ${lines.join('\n  ')}
}`;
}
