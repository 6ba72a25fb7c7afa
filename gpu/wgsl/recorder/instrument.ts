// The recorder: rewrites any WGSL compute kernel so that it records what it does, without changing what it computes. Code is only
// inserted, never moved, so every line of the traced kernel is the line on screen.
//
// What counts: a load is one evaluation of WGSL's load rule on a reference into a storage or workgroup variable, a store
// likewise; compound assignment is one of each; an atomic built-in is one atomic and neither.

import { listStart, loopGuards } from '../guard/guard.ts';
import { callGraph } from '../parse/call-graph.ts';
import { type Module, parseModule } from '../parse/parse.ts';
import { boundVariables, entryFunction, workgroupSizeOf } from '../parse/read-kernel.ts';
import { renamesIn } from '../parse/renames.ts';
import { applyEdits, EditList } from '../text/edits.ts';
import { freeGroup } from '../text/free-group.ts';
import { namesFor } from '../text/names.ts';
import type { AccessKind, BufferUse, Instrumented, InstrumentOptions } from '../text/recorder-contract.ts';
import { counted } from './counts.ts';
import { entryBuiltins } from './entry-builtins.ts';
import { findFlushPoints } from './flush-points.ts';
import { FunctionWalk } from './function-walk.ts';
import { IndexRanges } from './index-ranges.ts';
import { recorderText } from './shader-text.ts';
import { stepRegions } from './step-regions.ts';
import { type Instance, TracedKernel } from './traced-kernel.ts';

const KINDS: AccessKind[] = ['load', 'store', 'atomic'];

/** WGSL's own names that the text appended at module scope uses. */
const APPENDED = `u32 f32 bool vec3 array atomic ptr min max select bitcast atomicAdd atomicMax atomicLoad atomicStore
  atomicCompareExchangeWeak atomicOr storage read_write private function`.split(/\s+/);
/** Those that are inserted into the kernel's own functions: index wrappers and probes convert with them. */
const INLINE = ['u32', 'f32'];

/**
 * Instruments one entry point of a baked kernel.
 *
 * @param wgsl plain WGSL that compiles
 * @returns the traced kernel and the tables that turn its recording into counts
 * @throws EngineError unsupported-construct with line and column for anything that cannot be counted exactly; bad-input (entry
 *   point); limit-exceeded (no bind group left)
 */
export function instrument(
  wgsl: string,
  options: InstrumentOptions,
  limits: { maxBindGroups?: number } = {},
): Instrumented {
  const module = parseModule(wgsl, options.constants);
  const entry = entryFunction(module, options.entryPoint);
  const workgroupSize = workgroupSizeOf(module, entry);
  const renames = renamesIn(module, APPENDED, INLINE);
  const graph = callGraph(module, [entry]);
  const { prefix } = namesFor(module.code);
  const flushPoints = findFlushPoints(module, entry, graph, options.steps);
  const guards =
    options.loopBudget === undefined
      ? undefined
      : loopGuards(module, graph, entry, prefix, options.loopBudget, renames);

  const ranges = new IndexRanges(module, workgroupSize);
  const walk = (isMixed: (buffer: number, kind: AccessKind) => boolean) => {
    const kernel = new TracedKernel(module, options, flushPoints, guards, renames, ranges, isMixed);
    const root = kernel.instanceOf(entry, []);
    const counter = kernel.book.newCounter();
    kernel.book.call(root.counter, counted(counter));
    const { values, parameters } = entryBuiltins(module, entry, prefix, renames);
    const walked: { instance: Instance; edits: EditList }[] = [];
    for (let instance = kernel.pending.shift(); instance; instance = kernel.pending.shift()) {
      const begin = `${prefix}begin(${values.join(', ')});`;
      const texts = instance === root ? { begin, end: `${prefix}end();`, counter } : undefined;
      const edits = new FunctionWalk(kernel, instance, texts).run();
      if (instance === root) edits.add(listStart(module, entry.name.end), parameters);
      walked.push({ instance, edits });
    }
    return { kernel, walked };
  };
  // Two passes: whether the accesses to a buffer differ in width decides what the first inserted counter looks like.
  const first = walk(() => false).kernel;
  const { kernel, walked } = walk((buffer, kind) => widths(first, buffer, kind).length > 1);
  refuseLostMarkers(
    module,
    kernel,
    graph.reached.map((fn) => fn.body),
  );

  const recorder = { group: freeGroup(boundVariables(module, kernel.layouts), limits.maxBindGroups), binding: 0 };
  const main = new EditList();
  for (const { offset, text } of renames.edits) main.add(offset, text);
  const copies: string[] = [];
  for (const { instance, edits } of walked) {
    const resolved = edits.resolve();
    const { start, end } = instance.fn;
    if (instance.number === 0) for (const { offset, text } of resolved) main.add(offset, text);
    else {
      const own = new EditList();
      for (const { offset, text } of [...renames.edits, ...resolved])
        if (offset >= start && offset <= end) own.add(offset - start, text);
      copies.push(applyEdits(wgsl.slice(start, end), own.resolve()));
    }
  }
  const uses = bufferUses(kernel);
  const accounting = kernel.book.data();
  const regions = stepRegions(kernel, entry);
  const tail = [
    recorderText({
      names: kernel.names,
      options,
      buffers: kernel.buffers.buffers,
      uses,
      counters: accounting.counters,
      regions,
      records: kernel.records.map(({ values, at }) => values.length + at.length),
      workgroupSize,
      recorder,
      watches: kernel.watched.length > 0,
    }),
    kernel.helpers.text(),
    guards?.text(kernel.names.recorder) ?? '',
    ...copies,
  ].filter((text) => text !== '');
  main.add(wgsl.length, `\n${tail.join('\n')}\n`);
  const edits = main.resolve();
  return {
    wgsl: applyEdits(wgsl, edits),
    edits,
    entryPoint: entry.name.ident.originalName,
    workgroupSize,
    recorder,
    ...(renames.forPipeline && { renamed: renames.forPipeline }),
    buffers: kernel.buffers.buffers.map(
      ({ elem: _elem, index: _index, unit: _unit, open: _open, ...buffer }) => buffer,
    ),
    sites: flushPoints.sites.map((site, i) => ({ ...site, lines: regions.lines[i]! })),
    stepSource: flushPoints.stepSource,
    records: kernel.records.map(({ offset: _offset, ...record }) => record),
    events: kernel.book.eventNames(),
    options,
    accounting,
    uses,
    watched: kernel.watched,
  };
}

function widths(kernel: TracedKernel, buffer: number, kind: AccessKind): number[] {
  const bytes = kernel.book.usesOf(buffer).filter((use) => use.kind === kind);
  return [...new Set(bytes.map((use) => use.bytes))];
}

function bufferUses(kernel: TracedKernel): BufferUse[] {
  return kernel.buffers.buffers.map(({ index, space }) => {
    const kinds = KINDS.filter((kind) => widths(kernel, index, kind).length > 0);
    const single = kinds.filter((kind) => widths(kernel, index, kind).length === 1);
    return {
      buffer: index,
      kinds,
      mixed: kinds.filter((kind) => !single.includes(kind)),
      width: Object.fromEntries(single.map((kind) => [kind, widths(kernel, index, kind)[0]])),
      span: space === 'storage' && kernel.options.steps && kinds.length > 0,
    };
  });
}

function refuseLostMarkers(
  module: Module,
  kernel: TracedKernel,
  bodies: readonly { start: number; end: number }[],
): void {
  for (const { offset } of module.markers) {
    if (kernel.seenMarkers.has(offset)) continue;
    const inReached = bodies.some(({ start, end }) => offset > start && offset < end);
    const inOther = [...module.functions.values()].some(({ body }) => offset > body.start && offset < body.end);
    if (inOther && !inReached) continue; // in a function this entry point never calls
    throw module.refuse(offset, 'marker', 'a //: marker must stand between two statements of a function');
  }
}
