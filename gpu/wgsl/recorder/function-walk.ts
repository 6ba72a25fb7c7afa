// Walks the statements of one function instance: keeps the execution count exact through branches, loops and early exits, places
// counters and step flushes, and hands expressions to the expression walk.

import type { BlockElem, ExpressionElem, Statement, SwitchElem } from 'wesl/core';
import { bodyStart, type Loop, listStart } from '../guard/guard.ts';
import { calledBuiltin } from '../parse/call-graph.ts';
import { binaryCost } from '../parse/operations.ts';
import type { EditList } from '../text/edits.ts';
import type { AccessKind } from '../text/recorder-contract.ts';
import { type Count, counted, minus, NEVER, plus } from './counts.ts';
import { ExpressionWalk } from './expression-walk.ts';
import { recordNames } from './record-values.ts';
import type { Slot } from './segment.ts';
import { slotText } from './touch-text.ts';

/** What leaves a loop or switch early. */
interface Exits {
  breaks: Count;
  continues: Count;
  kind: 'loop' | 'switch';
  /** A break was met, so code behind it can be reached. */
  broken: boolean;
}

export class FunctionWalk extends ExpressionWalk {
  private readonly exits: Exits[] = [];
  /** False behind a return, break or continue. */
  private live = true;
  private flushedByCall = false;

  /** @param entry for the entry point: text for the start of its body and for every exit, and the counter of its runs */
  constructor(
    kernel: ConstructorParameters<typeof ExpressionWalk>[0],
    instance: ConstructorParameters<typeof ExpressionWalk>[1],
    private readonly entry?: { begin: string; end: string; counter: number },
  ) {
    super(kernel, instance);
  }

  /** Instruments the whole function. */
  run(): EditList {
    const { fn } = this.instance;
    const { kernel } = this;
    for (const [decl, name] of this.instance.addressParameters) {
      const parameter = fn.params.find((each) => each.name.decl.ident === decl)!;
      this.edits.add(parameter.end, `, ${name}: u32`);
    }
    this.edits.add(fn.name.end, kernel.suffixOf(this.instance));
    this.edits.add(listStart(kernel.module, fn.name.end), kernel.guards?.inParameters(fn) ?? '');
    this.visitBlock(fn.body, [this.entry?.begin ?? '', kernel.guards?.inFunction(fn) ?? ''], this.entry?.counter);
    // A guarded loop can be left, also one that the kernel leaves by `return` alone.
    if (this.entry && (this.live || kernel.guards)) this.edits.add(fn.body.end - 1, ` ${this.entry.end} `);
    this.edits.add(fn.body.end - 1, kernel.guards?.atEnd(fn) ?? '');
    return this.edits;
  }

  /** Walks a block in a new segment, `texts` first, then the counter, if it has one. */
  private visitBlock(block: BlockElem, texts: string[] = [], counter?: number): void {
    const { module } = this.kernel;
    const slot = this.openSlot(bodyStart(module, block.start), true);
    slot.push(...texts.filter((text) => text !== ''));
    const outer = this.slot;
    this.slot = slot;
    this.startSegment();
    if (counter !== undefined) {
      this.segment.counters.push(counter);
      this.place();
    }
    const inside = module.markers.filter(
      ({ offset }) =>
        offset > block.start &&
        offset < block.end &&
        !block.body.some((statement) => offset >= statement.start && offset < statement.end),
    );
    for (const statement of block.body) {
      while (inside.length > 0 && inside[0]!.offset < statement.start) this.visitMarker(inside.shift()!);
      this.visitStatement(statement);
    }
    for (const marker of inside) this.visitMarker(marker);
    this.slot = outer;
    this.startSegment();
  }

  private openSlot(offset: number, spaced = false): Slot {
    const slot: Slot = [];
    this.edits.add(offset, () => {
      const text = slotText(this.kernel, slot);
      return spaced && text !== '' ? ` ${text.trimEnd()}` : text;
    });
    return slot;
  }

  private visitMarker(marker: (typeof this.kernel.module.markers)[number]): void {
    const { kernel } = this;
    this.kernel.seenMarkers.add(marker.offset);
    if (marker.kind === 'count') {
      kernel.book.event(marker.name, this.count);
      return;
    }
    this.slot = this.openSlot(marker.offset);
    if (marker.kind === 'step') {
      this.flushAt(marker.offset);
      return;
    }
    if (!kernel.options.probes || (marker.word === 'detail' && !kernel.options.details)) return;
    const named = recordNames(kernel.module, marker);
    const words = named.written.map((word) => `f32(${kernel.renames.inScope(word, marker.offset)})`).join(', ');
    this.slot.push(`${kernel.names.prefix}record${kernel.recordNumber(marker, named)}(${words});`);
  }

  private visitStatement(statement: Statement): void {
    if (statement.kind === 'empty' || statement.kind === 'const' || statement.kind === 'assert') return;
    if (statement.kind === 'block') return this.visitBlock(statement);
    this.slot = this.openSlot(statement.start);
    this.flushedByCall = false;
    // A loop's line is booked again where it is known how often its condition runs.
    this.bookLine(statement.start, this.count);
    switch (statement.kind) {
      case 'if':
        this.visitIf(statement);
        break;
      case 'for':
      case 'while':
      case 'loop':
        this.visitLoop(statement);
        break;
      case 'switch':
        this.visitSwitch(statement);
        break;
      default:
        this.visitSimple(statement);
    }
    // Behind a jump nothing runs: what stands there must not join the segment that stands before it.
    if (this.flushedByCall || !this.live) this.startSegment();
  }

  protected override endSegmentAfterStatement(): void {
    this.flushedByCall = true;
  }

  private visitSimple(statement: Statement): void {
    switch (statement.kind) {
      case 'var':
      case 'let':
        if (statement.init) this.visitDeclaration(statement, statement.init);
        return;
      case 'assign':
        return this.visitAssign(statement);
      case 'increment':
      case 'decrement':
        return this.visitTarget(statement.target, true);
      case 'call':
        if (!this.visitBarrier(statement)) this.visitCall(statement.call);
        return;
      case 'return':
        if (statement.value) this.visitValue(statement.value);
        if (this.entry) this.edits.add(statement.start, `${this.entry.end} `);
        return this.leave();
      case 'break': {
        const exits = this.exits.at(-1)!;
        if (statement.condition) return; // `break if`: the loop visits it
        exits.breaks = plus(exits.breaks, this.count);
        exits.broken = true;
        return this.leave();
      }
      case 'continue': {
        const exits = this.exits.findLast((each) => each.kind === 'loop')!;
        exits.continues = plus(exits.continues, this.count);
        return this.leave();
      }
      case 'continuing':
        return; // the loop visits it
      default:
        throw this.refuse(statement, statement.kind, 'this statement is not supported in a compute kernel');
    }
  }

  private leave(): void {
    this.count = NEVER;
    this.live = false;
  }

  private visitBarrier({ call }: Extract<Statement, { kind: 'call' }>): boolean {
    const name = calledBuiltin(this.kernel.module, call);
    if (name === undefined || !/^(workgroup|storage|texture)Barrier$/.test(name)) return false;
    this.flushAt(call.start);
    return true;
  }

  private visitDeclaration(statement: Extract<Statement, { kind: 'var' | 'let' }>, init: ExpressionElem): void {
    const { module, places } = this.kernel;
    const { ident } = statement.name.decl;
    if (module.typeOf(init).kind !== 'ptr') return this.visitValue(init);
    const place = places.resolvePointer(init, this.instance.pointers);
    if (!place) throw this.refuse(init, 'pointer', 'the memory behind this pointer cannot be named');
    if (place === 'untracked') {
      this.visitIndexes(init);
      this.instance.pointers.set(ident, place);
      return;
    }
    const base = this.visitAddress(place, init);
    this.instance.pointers.set(ident, { ...place, indexes: [], ...(base !== undefined && { base }) });
    // The address is known from here on: accesses through the pointer must not be recorded before.
    if (base !== undefined) this.flushedByCall = true;
  }

  private visitAssign(statement: Extract<Statement, { kind: 'assign' }>): void {
    const { module, book } = this.kernel;
    if (statement.lhs.kind === 'phony') return this.visitValue(statement.rhs);
    const compound = statement.op.value !== '=';
    this.visitTarget(statement.lhs, compound);
    this.visitValue(statement.rhs);
    if (!compound) return;
    const operator = statement.op.value.slice(0, -1) as Parameters<typeof binaryCost>[0];
    const cost = binaryCost(operator, module.typeOf(statement.lhs), module.typeOf(statement.rhs));
    if (!cost) throw this.refuse(statement, statement.op.value, 'the types of its operands are not known');
    book.operations(this.count, cost);
  }

  private visitTarget(target: ExpressionElem, compound: boolean): void {
    const { places } = this.kernel;
    const swizzled = places.resolveSwizzled(target, this.instance.pointers);
    const place = swizzled === null ? places.resolve(target, this.instance.pointers) : swizzled;
    if (place === undefined) throw this.refuse(target, 'assignment', 'the memory assigned to cannot be named');
    if (place === 'untracked') return this.visitIndexes(target);
    const operand: AccessKind[] = compound ? ['load'] : [];
    // The components that a swizzle does not name keep their values: the vector is loaded for them.
    this.access(place, swizzled === null ? [...operand, 'store'] : [...operand, 'load', 'store'], target);
  }

  private visitIf(statement: Extract<Statement, { kind: 'if' }>): void {
    this.visitValue(statement.condition);
    this.visitBranches(statement);
  }

  private visitBranches(statement: Extract<Statement, { kind: 'if' }>): void {
    const { book } = this.kernel;
    const before = this.count;
    const counter = book.newCounter();
    const taken = counted(counter);
    this.count = before.size === 0 ? NEVER : taken;
    this.visitBlock(statement.body, [], counter);
    const after = { count: this.count, live: this.live };
    this.count = before.size === 0 ? NEVER : minus(before, taken);
    this.live = true;
    const otherwise = statement.else;
    if (otherwise?.kind === 'block') this.visitBlock(otherwise);
    else if (otherwise) {
      this.bookLine(otherwise.condition.start, this.count);
      this.visitApart(otherwise.condition, this.count);
      this.visitBranches(otherwise);
    }
    this.count = plus(this.count, after.count);
    this.live ||= after.live;
  }

  private visitLoop(loop: Loop): void {
    const { book, guards, flushPoints, names } = this.kernel;
    if (loop.kind === 'for' && loop.init) this.visitSimple(loop.init);
    const entries = this.count;
    const counter = book.newCounter();
    const passes = counted(counter);
    const exits: Exits = { breaks: NEVER, continues: NEVER, kind: 'loop', broken: false };
    this.exits.push(exits);
    const site = flushPoints.siteAt(loop.body.start);
    const before = [guards?.inBody(loop) ?? '', site === undefined ? '' : `${names.prefix}step${site}();`];
    this.count = passes;
    if (loop.kind === 'loop') this.bookLine(loop.start, passes);
    this.visitBlock(loop.body, before, counter);
    this.exits.pop();
    // The walk of a `continuing` block, an update and a condition comes after the body: only now is it known how often they run.
    const again = plus(this.count, exits.continues);
    let finished = exits.breaks;
    const continuing = loop.kind === 'loop' ? loop.continuing : undefined;
    this.count = again;
    if (continuing) {
      this.visitBlock(continuing.body);
      if (continuing.breakIf) {
        this.visitApart(continuing.breakIf, again);
        finished = plus(finished, minus(plus(entries, again), passes));
      }
    }
    if (loop.kind === 'for' && loop.update) {
      this.inUpdate = true;
      this.slot = undefined;
      this.visitSimple(loop.update);
      this.inUpdate = false;
    }
    const condition = loop.kind === 'loop' ? undefined : loop.condition;
    if (condition) {
      const evaluations = plus(entries, again);
      this.bookLine(loop.start, evaluations);
      this.visitApart(condition, evaluations);
      finished = plus(finished, minus(evaluations, passes));
    }
    this.count = finished;
    this.live = condition !== undefined || continuing?.breakIf !== undefined || exits.broken;
    this.slot = this.openSlot(loop.end);
    const after = flushPoints.siteAfterLoop(loop.start);
    this.startSegment(after === undefined ? '' : ` ${names.prefix}step${after}();`);
  }

  private visitSwitch(statement: SwitchElem): void {
    const { book } = this.kernel;
    this.visitValue(statement.selector);
    const before = this.count;
    const exits: Exits = { breaks: NEVER, continues: NEVER, kind: 'switch', broken: false };
    this.exits.push(exits);
    let after: Count = NEVER;
    let live = false;
    for (const clause of statement.clauses) {
      const counter = book.newCounter();
      this.count = before.size === 0 ? NEVER : counted(counter);
      this.live = true;
      this.bookLine(clause.start, this.count);
      this.visitBlock(clause.body, [], counter);
      after = plus(after, this.count);
      live ||= this.live;
    }
    this.exits.pop();
    this.count = plus(after, exits.breaks);
    this.live = live || exits.broken;
  }
}
