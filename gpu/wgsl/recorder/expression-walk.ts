// Walks the expressions of one function instance: finds every load, store, atomic and float operation, books them under the
// current execution count, and wraps index expressions where addresses are recorded.

import type { BinaryExpression, ExpressionElem, FunctionCallExpression, Type } from 'wesl/core';
import { listStart } from '../guard/guard.ts';
import { calledBuiltin, calledFunction } from '../parse/call-graph.ts';
import { binaryCost, builtinCost } from '../parse/operations.ts';
import type { Place } from '../parse/places.ts';
import { EditList } from '../text/edits.ts';
import type { AccessKind } from '../text/recorder-contract.ts';
import { ASTRAY } from '../text/recorder-layout.ts';
import { type Count, counted } from './counts.ts';
import { Segment, type Slot } from './segment.ts';
import { addressText, astrayText, indexText, segmentText, touchStatements } from './touch-text.ts';
import type { Instance, TracedKernel } from './traced-kernel.ts';

interface Wrap {
  open: string;
  close: string;
}

export class ExpressionWalk {
  protected readonly edits = new EditList();
  /** How often the code being walked runs. */
  protected count: Count;
  protected segment = new Segment();
  /** Where statements can be put before the statement being walked; undefined inside a condition. */
  protected slot: Slot | undefined;
  /** In a `for` update, where nothing can be put before the statement: single wrappers count instead of the segment. */
  protected inUpdate = false;

  /** How often each offset was booked, so that another instance of the function gives its pieces the same names. */
  private readonly booked = new Map<number, number>();

  constructor(
    protected readonly kernel: TracedKernel,
    protected readonly instance: Instance,
  ) {
    this.count = counted(instance.counter);
  }

  /** What stands at `offset` ran `count` times. */
  protected bookLine(offset: number, count: Count): void {
    const { book, module } = this.kernel;
    const nth = this.booked.get(offset) ?? 0;
    this.booked.set(offset, nth + 1);
    book.line(module.lineOf(offset), `${offset}.${nth}`, count);
  }

  protected refuse(at: { start: number }, construct: string, why: string) {
    return this.kernel.module.refuse(at.start, construct, why);
  }

  /** Visits an expression whose value is used: a reference is loaded. */
  protected visitValue(expression: ExpressionElem): void {
    const { module, places } = this.kernel;
    const place = places.resolve(expression, this.instance.pointers);
    if (place === 'untracked') return this.visitIndexes(expression);
    if (place) return this.access(place, ['load'], expression);
    switch (expression.kind) {
      case 'parenthesized-expression':
        return this.visitValue(expression.expression);
      case 'component-expression':
        if (module.typeOf(expression.base).kind === 'ptr') throw this.unresolved(expression);
        this.visitValue(expression.base);
        return this.visitValue(expression.access);
      case 'component-member-expression':
        return this.visitMember(expression.base, expression);
      case 'unary-expression':
        if (expression.operator.value === '&') return this.visitIndexes(expression.expression);
        if (expression.operator.value === '*') throw this.unresolved(expression);
        return this.visitValue(expression.expression);
      case 'binary-expression':
        return this.visitBinary(expression);
      case 'call-expression':
        return this.visitCall(expression);
      default:
        return;
    }
  }

  private unresolved(expression: ExpressionElem) {
    return this.refuse(expression, 'pointer', 'the memory behind this pointer cannot be named');
  }

  /** `base.member` where the whole is no reference: a value's member, or a swizzle that loads its vector whole. */
  private visitMember(base: ExpressionElem, expression: ExpressionElem): void {
    if (this.kernel.module.typeOf(base).kind !== 'ptr') return this.visitValue(base);
    const place = this.kernel.places.resolvePointer(base, this.instance.pointers);
    if (place === undefined) throw this.unresolved(expression);
    if (place === 'untracked') return this.visitIndexes(base);
    this.access(place, ['load'], base);
  }

  private visitBinary(expression: BinaryExpression): void {
    const { module } = this.kernel;
    const operator = expression.operator.value;
    if (operator === '&&' || operator === '||') {
      this.visitValue(expression.left);
      return this.visitConditional(expression.right);
    }
    this.visitValue(expression.left);
    this.visitValue(expression.right);
    if (this.isConstant(expression)) return;
    const cost = binaryCost(operator, module.typeOf(expression.left), module.typeOf(expression.right));
    if (!cost) throw this.refuse(expression, 'expression', `the types of the operands of "${operator}" are not known`);
    this.kernel.book.operations(this.count, cost);
  }

  /** The right side of && and ||: runs less often than what stands before it. */
  private visitConditional(expression: ExpressionElem): void {
    const counter = this.kernel.book.newCounter();
    this.visitApart(expression, counted(counter), counter);
  }

  /** Visits an expression that runs `count` times, with its own segment in front: `(segment() && (expression))`. */
  protected visitApart(expression: ExpressionElem, count: Count, counter?: number): void {
    const { helpers } = this.kernel;
    const outer = { count: this.count, segment: this.segment, slot: this.slot, inUpdate: this.inUpdate };
    const segment = new Segment();
    if (counter !== undefined) segment.counters.push(counter);
    Object.assign(this, { count, segment, slot: undefined, inUpdate: false });
    const parameters = [...this.instance.addressParameters.values()];
    let name: string | undefined;
    this.edits.add(expression.start, () => {
      const text = segmentText(this.kernel, segment);
      if (text === '') return '';
      const signature = `(${parameters.map((each) => `${each}: u32`).join(', ')}) -> bool`;
      name = helpers.of('here', signature, `${text} return true;`);
      return `(${name}(${parameters.join(', ')}) && (`;
    });
    this.visitValue(expression);
    this.edits.add(expression.end, () => (name === undefined ? '' : '))'));
    Object.assign(this, outer);
  }

  /** True for const- and override-expressions: they cost nothing when the shader runs. */
  private isConstant(expression: ExpressionElem): boolean {
    switch (expression.kind) {
      case 'literal':
      case 'type':
        return true;
      case 'ref': {
        const kind = this.kernel.module.declOf(expression)?.declElem?.kind;
        return kind === 'const' || kind === 'override';
      }
      case 'parenthesized-expression':
      case 'unary-expression':
        return this.isConstant(expression.expression);
      case 'binary-expression':
        return this.isConstant(expression.left) && this.isConstant(expression.right);
      case 'component-expression':
        return this.isConstant(expression.base) && this.isConstant(expression.access);
      case 'component-member-expression':
        return this.isConstant(expression.base);
      case 'call-expression':
        return (
          !calledFunction(this.kernel.module, expression) && expression.arguments.every((each) => this.isConstant(each))
        );
    }
  }

  protected visitCall(call: FunctionCallExpression): void {
    const { module } = this.kernel;
    const fn = calledFunction(module, call);
    if (fn) return this.visitUserCall(call, fn);
    const name = calledBuiltin(module, call);
    if (name === undefined) return this.visitArguments(call.arguments); // a struct or alias constructor
    if (name === 'arrayLength') return this.visitIndexes(call.arguments[0]!);
    if (name.startsWith('atomic')) return this.visitAtomic(call, name);
    if (name.startsWith('texture')) throw this.refuse(call, name, 'texture accesses are not counted');
    if (name === 'workgroupUniformLoad') return this.visitUniformLoad(call);
    this.visitArguments(call.arguments);
    if (call.function.kind === 'type' || this.isConstructor(name) || this.isConstant(call)) return;
    const types = call.arguments.map((each) => module.typeOf(each));
    const cost = builtinCost(name, types, module.typeOf(call));
    if (!cost) throw this.refuse(call, name, 'the cost of this built-in is not known for these arguments');
    this.kernel.book.operations(this.count, cost);
  }

  private isConstructor(name: string): boolean {
    return /^(bool|[iu]32|f(16|32)|vec[234][iufh]?|mat[234]x[234][fh]?|array|bitcast)$/.test(name);
  }

  private visitArguments(all: ExpressionElem[]): void {
    for (const argument of all) this.visitValue(argument);
  }

  private visitAtomic(call: FunctionCallExpression, name: string): void {
    const [pointer, ...values] = call.arguments;
    const place = pointer && this.kernel.places.resolvePointer(pointer, this.instance.pointers);
    if (!place) throw this.refuse(call, name, 'the memory behind this pointer cannot be named');
    if (place !== 'untracked') this.access(place, ['atomic'], pointer);
    this.visitArguments(values);
  }

  private visitUniformLoad(call: FunctionCallExpression): void {
    const pointer = call.arguments[0]!;
    const place = this.kernel.places.resolvePointer(pointer, this.instance.pointers);
    if (!place || place === 'untracked') throw this.refuse(call, 'workgroupUniformLoad', 'its pointer cannot be named');
    if (this.inUpdate) throw this.refuse(call, 'for update', 'a barrier here cannot be recorded');
    this.flushAt(call.start);
    this.access(place, [place.type.kind === 'atomic' ? 'atomic' : 'load'], pointer);
  }

  /** Ends the step here if `offset` is a flush point. */
  protected flushAt(offset: number): void {
    const site = this.kernel.flushPoints.siteAt(offset);
    if (site === undefined) return;
    const text = `${this.kernel.names.prefix}step${site}();`;
    if (!this.slot) this.segment.prefix.push(text);
    else this.startSegment(text);
  }

  /** Begins a new segment at the current statement, with `text` before it. */
  protected startSegment(text = ''): void {
    this.segment = new Segment();
    if (text === '') return;
    this.segment.prefix.push(text);
    this.place();
  }

  /** Puts the current segment into the current statement's slot, unless it has a place. */
  protected place(): void {
    if (this.segment.placed || !this.slot) return;
    this.segment.placed = true;
    this.slot.push(this.segment);
  }

  private visitUserCall(call: FunctionCallExpression, fn: Instance['fn']): void {
    const { kernel } = this;
    const pointed = fn.params.map((parameter, i) => {
      if (kernel.module.typeOfName(parameter.name.decl.ident).kind !== 'ptr') return undefined;
      const place = kernel.places.resolvePointer(call.arguments[i]!, this.instance.pointers);
      if (!place) throw this.refuse(call.arguments[i]!, 'pointer', 'the memory behind this pointer cannot be named');
      return place;
    });
    const callee = kernel.instanceOf(fn, pointed);
    this.edits.add(call.function.end, kernel.suffixOf(callee));
    this.edits.add(listStart(kernel.module, call.function.end), kernel.guards?.inCall(this.instance.fn, call) ?? '');
    for (const [i, argument] of call.arguments.entries()) {
      const place = pointed[i];
      if (place === undefined) this.visitValue(argument);
      else if (place === 'untracked') this.visitIndexes(argument);
      else {
        const base = this.visitAddress(place, argument);
        if (callee.addressParameters.has(fn.params[i]!.name.decl.ident))
          this.edits.add(argument.end, `, ${base ?? '0u'}`);
      }
    }
    kernel.book.call(callee.counter, this.count);
    if (kernel.flushPoints.flushes(fn)) this.endSegmentAfterStatement();
  }

  /** Overridden where there are statements: what follows a call that flushes belongs to another step. */
  protected endSegmentAfterStatement(): void {}

  /**
   * Visits the indexes of an address that is taken, not accessed.
   *
   * @returns WGSL for the part of the address that is only known at run time, undefined if there is none
   */
  protected visitAddress(place: Place, expression: ExpressionElem): string | undefined {
    if (place.indexes.length === 0 || !this.kernel.followsAddresses(place)) {
      this.visitIndexes(expression);
      return place.base;
    }
    const variable = this.kernel.helpers.addressVariable();
    this.visitIndexes(expression, this.stashes(place, place.indexes.length, variable));
    return variable;
  }

  /** Wrappers that add up the first `n` indexes of `place` in `variable`. */
  private stashes(place: Place, n: number, variable: string): Map<ExpressionElem, Wrap> {
    const wraps = new Map<ExpressionElem, Wrap>();
    place.indexes.slice(0, n).forEach((index, i) => {
      const { expression } = index;
      const withBase = i === 0 && place.base !== undefined;
      const from = i > 0 ? `${variable} + ` : withBase ? 'base + ' : '';
      const astray = `select(0u, ${ASTRAY}u, ${astrayText(this.kernel, place.variable, index)})`;
      const body = `${variable} = (${from}${indexText(this.kernel, place.variable, index)}) | ${astray}; return i;`;
      wraps.set(expression, this.wrap(expression, 'go', body, withBase ? place.base : undefined));
    });
    return wraps;
  }

  /** A call around an index expression: `helper(u32(index), base, watched place)`. */
  private wrap(index: ExpressionElem, kind: string, body: string, base: string | undefined, watched?: number): Wrap {
    const more = `${base ? ', base: u32' : ''}${watched === undefined ? '' : ', place: u32'}`;
    const name = this.kernel.helpers.of(kind, `(i: u32${more}) -> u32`, body);
    const type: Type = this.kernel.module.typeOf(index);
    const isU32 = type.kind === 'scalar' && type.scalar === 'u32';
    if (type.kind !== 'scalar') throw this.refuse(index, 'index', 'its type is not known');
    const values = `${base ? `, ${base}` : ''}${watched === undefined ? '' : `, ${watched}u`}`;
    return { open: isU32 ? `${name}(` : `${name}(u32(`, close: `${isU32 ? '' : ')'}${values})` };
  }

  /** Visits the index expressions of a reference or pointer, left to right; the reference itself costs nothing. */
  protected visitIndexes(expression: ExpressionElem, wraps?: Map<ExpressionElem, Wrap>): void {
    switch (expression.kind) {
      case 'parenthesized-expression':
      case 'unary-expression':
        return this.visitIndexes(expression.expression, wraps);
      case 'component-member-expression':
        return this.visitIndexes(expression.base, wraps);
      case 'component-expression': {
        this.visitIndexes(expression.base, wraps);
        const wrap = wraps?.get(expression.access);
        if (wrap) this.edits.add(expression.access.start, wrap.open);
        this.visitValue(expression.access);
        if (wrap) this.edits.add(expression.access.end, wrap.close);
        return;
      }
      default:
        return;
    }
  }

  /** Books accesses of `place`, all by one evaluation of `expression`, and records their address. */
  protected access(place: Place, kinds: AccessKind[], expression: ExpressionElem): void {
    const { kernel } = this;
    const { layouts, module, options } = kernel;
    const buffer = kernel.buffers.of(place.variable);
    const bytes = layouts.of(place.type).valueBytes;
    if (bytes === undefined) throw this.refuse(expression, 'array', 'a runtime-sized array cannot be accessed whole');
    const line = module.lineOf(expression.start);
    this.bookLine(expression.start, this.count);
    for (const kind of kinds) {
      kernel.book.access({ count: this.count, buffer: buffer.index, kind, bytes, line });
      kernel.accessOffsets.push({ offset: expression.start, buffer: buffer.index, kind });
    }
    const isRecorded = kernel.tracksAddresses(place);
    const wrapped = isRecorded && place.indexes.length > 0;
    const counted: [number, AccessKind, number][] = kinds.map((kind) => [buffer.index, kind, bytes]);
    if (options.steps && this.inUpdate && !wrapped)
      throw this.refuse(expression, 'for update', 'a memory access here cannot be recorded; move it into the body');
    if (options.steps && !this.inUpdate) {
      this.place();
      for (const each of counted) this.segment.add(...each);
    }
    const here = (base: string) =>
      isRecorded
        ? touchStatements(kernel, buffer, kinds, base, place.offset, layouts.rangesOf(place.type), expression)
        : '';
    const isWatched = kernel.mayGoAstray(place);
    if (!isRecorded && !isWatched) return this.visitIndexes(expression);
    const watched = isWatched ? kernel.watchedNumber(buffer.index, line, kinds) : undefined;
    const past = (condition: string, number: string) =>
      watched === undefined ? '' : `if (${condition}) { ${kernel.names.past}(${number}); } `;
    if (place.indexes.length === 0) {
      this.place();
      const { base } = place;
      this.segment.touches.push(
        base === undefined ? here('') : `${past(`${base} >= ${ASTRAY}u`, `${watched}u`)}${here(addressText(base))}`,
      );
      return this.visitIndexes(expression);
    }
    const last = place.indexes.length - 1;
    const variable = last > 0 ? kernel.helpers.addressVariable() : undefined;
    const wraps = variable ? this.stashes(place, last, variable) : new Map<ExpressionElem, Wrap>();
    const base = variable ?? place.base;
    const { expression: index } = place.indexes[last]!;
    const address = `${base ? `${addressText('base')} + ` : ''}${indexText(kernel, place.variable, place.indexes[last]!)}`;
    const isAstray = `${astrayText(kernel, place.variable, place.indexes[last]!)}${base ? ` || base >= ${ASTRAY}u` : ''}`;
    const counts = new Segment();
    if (options.steps && this.inUpdate) for (const each of counted) counts.add(...each);
    const body = `${segmentText(kernel, counts)}${past(isAstray, 'place')}${here(address)} return i;`;
    wraps.set(index, this.wrap(index, 'at', body, base, watched));
    this.visitIndexes(expression, wraps);
  }
}
