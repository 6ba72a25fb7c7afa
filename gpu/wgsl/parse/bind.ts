// Name resolution for one module. Own code, not the parser package's binder, because that one lets `let q = q[i];` refer to
// itself; in WGSL the initializer still sees the outer `q`, and kernels that copy a buffer element to a local of the same name
// are common. Locals shadow buffers from the end of their declaration on.

import {
  type AbstractElem,
  type BlockElem,
  childElems,
  type DeclIdent,
  type DeclIdentElem,
  type ExpressionElem,
  type FnElem,
  type LinkBindings,
  newLinkBindings,
  type RefIdent,
  type Statement,
  type TypedDeclElem,
  type WeslAST,
} from 'wesl/core';
import { repairPrecedence } from './precedence.ts';

/** Names visible at a point, innermost declaration first. */
export type Scope = ReadonlyMap<string, DeclIdent>;

export interface BoundModule {
  bindings: LinkBindings;
  functions: ReadonlyMap<string, FnElem>;
  /** Names visible at each of the requested offsets that lies between two statements. */
  scopesAt: ReadonlyMap<number, Scope>;
  /** Where each declared name stands, at its declaration and wherever it is used: offsets of its first character. */
  occurrences: ReadonlyMap<DeclIdent, ReadonlySet<number>>;
}

/** Binds every reference of `ast` to its declaration, or to 'std'. Repairs operator precedence on the way. */
export function bindModule(ast: WeslAST, watched: readonly number[]): BoundModule {
  const bindings = newLinkBindings();
  const functions = new Map<string, FnElem>();
  const scopesAt = new Map<number, Scope>();
  const occurrences = new Map<DeclIdent, Set<number>>();
  const globals = new Map<string, DeclIdent>();

  const occur = (ident: DeclIdent, start: number) => {
    const places = occurrences.get(ident) ?? new Set();
    occurrences.set(ident, places.add(start));
  };
  const declare = (scope: Map<string, DeclIdent>, { ident, start }: DeclIdentElem) => {
    occur(ident, start);
    scope.set(ident.originalName, ident);
  };
  const bindRef = (ident: RefIdent, scope: Scope, start?: number) => {
    const decl = scope.get(ident.originalName);
    bindings.refersTo.set(ident, decl ?? 'std');
    if (decl && start !== undefined) occur(decl, start);
  };

  /** Any element that holds no statements: expressions, types, attributes. */
  const bindParts = (elem: AbstractElem | undefined, scope: Scope): void => {
    if (!elem) return;
    if (elem.kind === 'ref') bindRef(elem.ident, scope, elem.start);
    if (elem.kind === 'type') bindRef(elem.name, scope);
    if (elem.kind === 'binary-expression') {
      for (const operand of repairPrecedence(elem)) bindParts(operand, scope);
      return;
    }
    // `@builtin(position)` and the like hold names, not references.
    if (elem.kind === 'attribute') {
      if (elem.attribute.kind === '@attribute')
        for (const parameter of elem.attribute.params ?? []) bindParts(parameter, scope);
      return;
    }
    for (const child of childElems(elem)) bindParts(child, scope);
  };

  const bindTyped = (name: TypedDeclElem, init: ExpressionElem | undefined, scope: Map<string, DeclIdent>) => {
    bindParts(name.typeRef, scope);
    bindParts(init, scope);
    declare(scope, name.decl);
  };

  const bindBlock = (block: BlockElem, scope: Scope) => bindStatements(block, new Map(scope));

  const bindStatements = (block: BlockElem, scope: Map<string, DeclIdent>) => {
    const inside = (offset: number) => offset > block.start && offset < block.end;
    const pending = watched.filter((offset) => inside(offset) && !block.body.some((each) => contains(each, offset)));
    const record = (upTo: number) => {
      while (pending.length > 0 && pending[0]! < upTo) scopesAt.set(pending.shift()!, new Map(scope));
    };
    for (const statement of block.body) {
      record(statement.start);
      bindStatement(statement, scope);
    }
    record(Number.POSITIVE_INFINITY);
  };

  const bindStatement = (statement: Statement, scope: Map<string, DeclIdent>): void => {
    switch (statement.kind) {
      case 'var':
      case 'let':
      case 'const':
        bindTyped(statement.name, statement.init, scope);
        return;
      case 'block':
        bindBlock(statement, scope);
        return;
      case 'if':
        bindParts(statement.condition, scope);
        bindBlock(statement.body, scope);
        if (statement.else) bindStatement(statement.else, scope);
        return;
      case 'for': {
        const header = new Map(scope);
        if (statement.init) bindStatement(statement.init, header);
        bindParts(statement.condition, header);
        bindParts(statement.update, header);
        bindBlock(statement.body, header);
        return;
      }
      case 'while':
        bindParts(statement.condition, scope);
        bindBlock(statement.body, scope);
        return;
      case 'loop':
      case 'continuing':
        bindBlock(statement.body, scope);
        return;
      case 'switch':
        bindParts(statement.selector, scope);
        for (const clause of statement.clauses) {
          for (const selector of clause.selectors) if (selector !== 'default') bindParts(selector, scope);
          bindBlock(clause.body, scope);
        }
        return;
      default:
        bindParts(statement, scope);
    }
  };

  const module = ast.moduleElem.decls;
  for (const elem of module) {
    if (elem.kind === 'fn') functions.set(elem.name.ident.originalName, elem);
    if (elem.kind === 'fn' || elem.kind === 'struct' || elem.kind === 'alias') declare(globals, elem.name);
    if (elem.kind === 'gvar' || elem.kind === 'const' || elem.kind === 'override') declare(globals, elem.name.decl);
  }
  for (const elem of module) {
    if (elem.kind === 'gvar' || elem.kind === 'const' || elem.kind === 'override') {
      bindParts(elem.name.typeRef, globals);
      bindParts(elem.init, globals);
    } else if (elem.kind !== 'fn') {
      bindParts(elem, globals);
      continue;
    }
    for (const attribute of elem.attributes ?? []) bindParts(attribute, globals);
    if (elem.kind !== 'fn') continue;
    bindParts(elem.returnType, globals);
    const scope = new Map(globals);
    for (const parameter of elem.params) bindParts(parameter.name.typeRef, globals);
    for (const parameter of elem.params) declare(scope, parameter.name.decl);
    bindStatements(elem.body, scope);
  }
  return { bindings, functions, scopesAt, occurrences };
}

function contains(statement: Statement, offset: number): boolean {
  return offset >= statement.start && offset < statement.end;
}
