// `override` constants. A pipeline fixes their values before anything is sized by them, so in the tree each becomes a `const`.

import {
  type DeclIdent,
  type ExpressionElem,
  evalConstExpr,
  type LinkBindings,
  type OverrideElem,
  type RefIdent,
  type ScalarType,
  scalarToNumber,
  type TypeRefElem,
  typeOfDecl,
  type WeslAST,
} from 'wesl/core';

export interface OverrideConstant {
  ident: DeclIdent;
  name: string;
  /** The expression in `@id(…)`, and its value where it has one. */
  id?: { expression: ExpressionElem; value: number | undefined };
  hasDefault: boolean;
}

const SUFFIX: Record<string, string> = { i32: 'i', u32: 'u', f32: 'f', f16: 'h' };

/**
 * Lists the override constants of a bound tree, and makes consts of those that have a value.
 *
 * @param given values by name, or by id in decimal
 */
export function settleOverrides(
  ast: WeslAST,
  bindings: LinkBindings,
  given: Readonly<Record<string, number | boolean>>,
): OverrideConstant[] {
  const context = { bindings };
  const elems = ast.moduleElem.decls.filter((elem): elem is OverrideElem => elem.kind === 'override');
  const settled = elems.map((elem) => {
    const { ident } = elem.name.decl;
    const type = typeOfDecl(ident, context);
    const attribute = elem.attributes
      ?.map(({ attribute: each }) => each)
      .find((each) => each.kind === '@attribute' && each.name === 'id');
    const expression = attribute?.kind === '@attribute' ? attribute.params?.[0]?.expression : undefined;
    const value = expression && evalConstExpr(expression, context);
    const id = expression && { expression, value: value ? scalarToNumber(value) : undefined };
    const known: OverrideConstant = {
      ident,
      name: ident.originalName,
      ...(id && { id }),
      hasDefault: elem.init !== undefined,
    };
    return { elem, type, known };
  });
  for (const { elem, type, known } of settled) {
    if (type.kind !== 'scalar') continue;
    const key = known.id?.value === undefined ? known.name : String(known.id.value);
    const value = Object.hasOwn(given, key)
      ? given[key]
      : Object.hasOwn(given, known.name)
        ? given[known.name]
        : undefined;
    const init = value === undefined ? elem.init : literal(type, Number(value));
    if (!init) continue;
    // `override R = 5.0 / 2.0;` is an f32, where a const would stay abstract.
    const typeRef = elem.name.typeRef ?? typeReference(type, bindings);
    Object.assign(elem, { kind: 'const', init, name: Object.assign(elem.name, { typeRef }) });
  }
  return settled.map(({ known }) => known);
}

function literal(type: ScalarType, value: number): ExpressionElem {
  const place = { start: 0, end: 0 };
  if (type.scalar === 'bool') return { kind: 'literal', value: String(value !== 0), ...place };
  const magnitude: ExpressionElem = { kind: 'literal', value: Math.abs(value) + (SUFFIX[type.scalar] ?? ''), ...place };
  const operator = { value: '-', ...place } as const;
  return value < 0 ? { kind: 'unary-expression', operator, expression: magnitude, ...place } : magnitude;
}

/** A reference to `type` that is known to mean it. */
function typeReference(type: ScalarType, bindings: LinkBindings): TypeRefElem {
  const name = { kind: 'ref', originalName: type.scalar } as RefIdent;
  name.refIdentElem = { kind: 'ref', ident: name, start: 0, end: 0 } as RefIdent['refIdentElem'];
  const reference: TypeRefElem = { kind: 'type', name, start: 0, end: 0 };
  bindings.expressionTypes.set(reference, type);
  return reference;
}
