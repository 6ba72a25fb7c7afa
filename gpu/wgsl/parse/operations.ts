// Floating-point operations of a WGSL expression node, per lane. Integers, conversions, abs, negation and rounding cost nothing;
// a built-in that the spec defines by a formula costs that formula.

import type { BinaryExpression, ScalarType, Type } from 'wesl/core';
import type { Operations } from '../../trace/trace.ts';

export type OperationKind = keyof Operations;
export type OperationCost = Partial<Operations>;

const FREE: OperationCost = {};

function isFloat(scalar: ScalarType | undefined): boolean {
  return scalar?.scalar === 'f32' || scalar?.scalar === 'f16' || scalar?.scalar === 'abstract-float';
}

function elementOf(type: Type): ScalarType | undefined {
  if (type.kind === 'scalar') return type;
  return type.kind === 'vector' || type.kind === 'matrix' ? type.elem : undefined;
}

function lanesOf(type: Type): number {
  if (type.kind === 'vector') return type.size;
  return type.kind === 'matrix' ? type.cols * type.rows : 1;
}

/** A sum of `terms` products, `results` times over. */
function products(results: number, terms: number): OperationCost {
  return { multiply: results * terms, add: results * (terms - 1) };
}

/** Cost of `left operator right`; undefined when a type is not known. */
export function binaryCost(
  operator: BinaryExpression['operator']['value'],
  left: Type,
  right: Type,
): OperationCost | undefined {
  if (operator === '&&' || operator === '||') return FREE;
  const leftElement = elementOf(left);
  const rightElement = elementOf(right);
  if (!leftElement || !rightElement) return undefined;
  if (!isFloat(leftElement) && !isFloat(rightElement)) return FREE;
  const lanes = Math.max(lanesOf(left), lanesOf(right));
  switch (operator) {
    case '+':
    case '-':
      return { add: lanes };
    case '/':
    case '%':
      return { divide: lanes };
    case '*':
      if (left.kind === 'matrix' && right.kind === 'matrix') return products(left.rows * right.cols, left.cols);
      if (left.kind === 'matrix' && right.kind === 'vector') return products(left.rows, left.cols);
      if (left.kind === 'vector' && right.kind === 'matrix') return products(right.cols, right.rows);
      return { multiply: lanes };
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
      return { compare: lanes };
    default:
      return FREE;
  }
}

type Formula = (lanes: number) => OperationCost;

const perLane =
  (kind: OperationKind): Formula =>
  (lanes) => ({ [kind]: lanes });

const DOT: Formula = (n) => products(1, n);
const sum = (...costs: OperationCost[]): OperationCost => {
  const total: Record<string, number> = {};
  for (const cost of costs) for (const [kind, n] of Object.entries(cost)) total[kind] = (total[kind] ?? 0) + n;
  return total;
};

const SPECIAL = `acos acosh asin asinh atan atanh atan2 cos cosh exp exp2 inverseSqrt log log2 pow sin sinh sqrt tan tanh`;
const FREE_BUILTINS = `abs ceil floor round trunc frexp modf ldexp quantizeToF16 transpose all any bitcast
  pack4x8snorm pack4x8unorm pack4xI8 pack4xU8 pack4xI8Clamp pack4xU8Clamp pack2x16snorm pack2x16unorm pack2x16float
  unpack4x8snorm unpack4x8unorm unpack4xI8 unpack4xU8 unpack2x16snorm unpack2x16unorm unpack2x16float
  countLeadingZeros countOneBits countTrailingZeros extractBits firstLeadingBit firstTrailingBit insertBits reverseBits
  dot4U8Packed dot4I8Packed subgroupAnd subgroupOr subgroupXor subgroupAll subgroupAny subgroupBallot subgroupElect
  subgroupBroadcast subgroupBroadcastFirst subgroupShuffle subgroupShuffleUp subgroupShuffleDown subgroupShuffleXor
  quadBroadcast quadSwapDiagonal quadSwapX quadSwapY`;

// n = lanes of the first argument.
const FORMULAS: Record<string, Formula> = {
  ...Object.fromEntries(SPECIAL.split(/\s+/).map((name) => [name, perLane('special')])),
  ...Object.fromEntries(FREE_BUILTINS.split(/\s+/).map((name) => [name, () => FREE])),
  min: perLane('compare'),
  max: perLane('compare'),
  clamp: perLane('compare'),
  saturate: perLane('compare'),
  step: perLane('compare'),
  sign: perLane('compare'),
  fma: (n) => ({ multiply: n, add: n }),
  degrees: perLane('multiply'),
  radians: perLane('multiply'),
  fract: perLane('add'), // x − floor(x)
  mix: (n) => ({ multiply: 2 * n, add: 2 * n }), // x·(1 − a) + y·a
  smoothstep: (n) => ({ add: 3 * n, divide: n, compare: n, multiply: 3 * n }), // t = clamp((x−lo)/(hi−lo)); t·t·(3 − 2t)
  dot: DOT,
  length: (n) => (n === 1 ? FREE : sum(DOT(n), { special: 1 })),
  distance: (n) => (n === 1 ? { add: 1 } : sum({ add: n }, DOT(n), { special: 1 })),
  normalize: (n) => sum(DOT(n), { special: 1, multiply: n }), // e · inverseSqrt(dot(e, e))
  cross: () => ({ multiply: 6, add: 3 }),
  faceForward: (n) => sum(DOT(n), { compare: 1 }),
  reflect: (n) => sum(DOT(n), { multiply: 1 + n, add: n }), // e1 − (2·dot(e2, e1))·e2
  // k = 1 − r²·(1 − dot²); k < 0 ? 0 : r·e1 − (r·dot + sqrt(k))·e2
  refract: (n) => sum(DOT(n), { multiply: 4 + 2 * n, add: 3 + n, compare: 1, special: 1 }),
  subgroupAdd: perLane('add'),
  subgroupExclusiveAdd: perLane('add'),
  subgroupInclusiveAdd: perLane('add'),
  subgroupMul: perLane('multiply'),
  subgroupExclusiveMul: perLane('multiply'),
  subgroupInclusiveMul: perLane('multiply'),
  subgroupMin: perLane('compare'),
  subgroupMax: perLane('compare'),
};

// Cofactor expansion: 2×2 is ad − bc; 3×3 three of those, weighed and summed; 4×4 four 3×3.
const DETERMINANT: Record<number, OperationCost> = {
  2: { multiply: 2, add: 1 },
  3: { multiply: 9, add: 5 },
  4: { multiply: 40, add: 23 },
};

/**
 * Cost of calling the built-in function `name`.
 *
 * @returns undefined for a built-in that is not known, or an argument whose type is not known
 */
export function builtinCost(name: string, argumentTypes: Type[], result: Type): OperationCost | undefined {
  const [first] = argumentTypes;
  if (name === 'select') {
    // A float is chosen by a compare per condition lane; the condition's own comparison is counted where it stands.
    if (result.kind === 'unknown') return undefined;
    return isFloat(elementOf(result)) ? { compare: lanesOf(argumentTypes[2]!) } : FREE;
  }
  if (name === 'determinant') return first?.kind === 'matrix' ? DETERMINANT[first.cols] : undefined;
  const formula = Object.hasOwn(FORMULAS, name) ? FORMULAS[name] : undefined;
  if (!formula) return undefined;
  if (!first) return formula(1);
  if (argumentTypes.some((type) => type.kind === 'unknown')) return undefined;
  // `min(1, x)`: the concrete argument decides; lanes are those of the widest one.
  const float = argumentTypes.some((type) => isFloat(elementOf(type)));
  return float ? formula(Math.max(...argumentTypes.map(lanesOf))) : FREE;
}
