// WGSL text → bound syntax tree with types, through the `wesl` package's parser. Its linker is not used: it re-emits text,
// and the recorder's promise is that the source stays byte for byte.

import {
  type DeclIdent,
  type ExpressionElem,
  evalConstExpr,
  type GlobalVarElem,
  parseSrcModule,
  scalarToNumber,
  type Type,
  typeOfDecl,
  typeOfExpr,
  type WeslAST,
  WeslParseError,
} from 'wesl/core';
import { EngineError } from '../../core/errors.ts';
import { blankComments } from '../text/comments.ts';
import { findMarkers, type Marker } from '../text/markers.ts';
import { type BoundModule, bindModule } from './bind.ts';
import { type OverrideConstant, settleOverrides } from './overrides.ts';
import { readable, restoreOperators } from './readable.ts';

export interface Module extends BoundModule {
  source: string;
  /** `source` with comments blanked, same offsets. */
  code: string;
  markers: Marker[];
  variables: readonly GlobalVarElem[];
  typeOf(expression: ExpressionElem): Type;
  typeOfName(decl: DeclIdent): Type;
  /** The declaration a name refers to; undefined for WGSL's own names. */
  declOf(expression: ExpressionElem): DeclIdent | undefined;
  overrides: readonly OverrideConstant[];
  /** Value of a const-expression that is a number; `override` constants count as what this pipeline gives them. */
  constantOf(expression: ExpressionElem): number | undefined;
  /** 1-based line of an offset. */
  lineOf(offset: number): number;
  /** An 'unsupported-construct' error at `offset`. */
  refuse(offset: number, construct: string, why: string): EngineError;
}

/** The construct named by a refusal of text that the parser does not follow, whether it is WGSL or not. */
export const UNREADABLE = 'syntax';
const WAY_ROUND = 'put this part differently (a comparison `b > a` for `a < b`, one statement in two)';

function parseText(src: string): { ast?: WeslAST; problem?: WeslAST['diagnostics'][number] } {
  const errorIn = (diagnostics: WeslAST['diagnostics']) => diagnostics.find((each) => each.severity === 'error');
  try {
    const ast = parseSrcModule({ modulePath: 'package::kernel', debugFilePath: 'kernel.wgsl', src });
    return { ast, problem: errorIn(ast.diagnostics) };
  } catch (error) {
    if (!(error instanceof WeslParseError)) throw error;
    return { problem: errorIn(error.diagnostics) };
  }
}

/** @throws EngineError unsupported-construct where `work` goes deeper into a text than there is room for */
export function withinDepth<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = `the recorder cannot read this (it is nested too deeply); ${WAY_ROUND}`;
    throw new EngineError('unsupported-construct', message, { field: UNREADABLE });
  }
}

/**
 * Parses and binds one module. `overrides` are the values of `override` constants.
 *
 * @throws EngineError unsupported-construct where the parser does not follow, with its position
 */
export function parseModule(source: string, overrides: Readonly<Record<string, number | boolean>> = {}): Module {
  return withinDepth(() => readModule(source, overrides));
}

function readModule(source: string, overrides: Readonly<Record<string, number | boolean>>): Module {
  const lineStarts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  const lineOf = (offset: number) => {
    let low = 0;
    let high = lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (lineStarts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
  const refuse = (offset: number, construct: string, why: string) => {
    const line = lineOf(offset);
    return new EngineError('unsupported-construct', `line ${line}: ${construct}: ${why}`, {
      field: construct,
      value: source.slice(offset, offset + 60).split('\n')[0],
      line,
      column: offset - lineStarts[line - 1]! + 1,
    });
  };

  const code = blankComments(source);
  const { ast, problem } = parseText(readable(code));
  if (!ast || problem) {
    const { start = 0, message = 'not understood' } = problem ?? {};
    throw refuse(start, UNREADABLE, `the recorder cannot read this (${message}); ${WAY_ROUND}`);
  }
  restoreOperators(ast, code);
  const markers = findMarkers(source);
  const bound = bindModule(
    ast,
    markers.map((marker) => marker.offset),
  );
  const context = { bindings: bound.bindings };
  const settled = settleOverrides(ast, bound.bindings, overrides);
  const constantOf = (expression: ExpressionElem) => {
    const value = evalConstExpr(expression, context);
    return value ? scalarToNumber(value) : undefined;
  };
  return {
    ...bound,
    source,
    code,
    markers,
    variables: ast.moduleElem.decls.filter((elem): elem is GlobalVarElem => elem.kind === 'gvar'),
    typeOf: (expression) => typeOfExpr(expression, context),
    typeOfName: (decl) => typeOfDecl(decl, context),
    declOf: (expression) => {
      const ident =
        expression.kind === 'ref' ? expression.ident : expression.kind === 'type' ? expression.name : undefined;
      const target = ident && bound.bindings.refersTo.get(ident);
      return target === 'std' ? undefined : target;
    },
    constantOf,
    overrides: settled,
    lineOf,
    refuse,
  };
}
