// The settings of a part as fields of a form, read from its kind's own schema: a new kind brings its form along.

import { z } from '#gpu/core/schema.ts';
import type { PartKind } from '#gpu/model/part.ts';

export interface PartField {
  key: string;
  label: string;
  type: 'number' | 'choice' | 'switch';
  /** What it is where the config does not say. */
  usual: unknown;
  choices?: readonly string[];
  least?: number;
  most?: number;
  /** Whether it has to be a whole number. */
  whole?: boolean;
}

/** Words for keys whose name does not say it. */
const LABELS: Record<string, string> = {
  kvHeads: 'key and value heads',
  headDim: 'channels of a head',
  hidden: 'units',
  place: 'norm stands',
  norm: 'norm',
  window: 'tokens seen before (−1 all)',
  every: 'after every token',
  classes: 'tokens told apart',
  topK: 'experts a token',
  renormalise: 'weights of experts sum to 1',
  qkvConv: 'convolution of q, k, v',
  vocabulary: 'tokens there are',
};

const words = (key: string) => LABELS[key] ?? key.replace(/([A-Z])/g, ' $1').toLowerCase();

interface Described {
  type?: string;
  enum?: unknown[];
  default?: unknown;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
}

const known = new Map<PartKind, PartField[]>();

/** Lists and tables of a kind have no field; the config in the link can set them. */
export function fieldsOf(kind: PartKind): PartField[] {
  const before = known.get(kind);
  if (before) return before;
  const { properties = {} } = z.toJSONSchema(kind.keys, { unrepresentable: 'any', io: 'input' }) as {
    properties?: Record<string, Described>;
  };
  const fields = Object.entries(properties).flatMap(([key, each]): PartField[] => {
    const field = { key, label: words(key), usual: each.default };
    if (each.type === 'boolean') return [{ ...field, type: 'switch' }];
    if (each.enum?.every((choice) => typeof choice === 'string'))
      return [{ ...field, type: 'choice', choices: each.enum as string[] }];
    if (each.type !== 'integer' && each.type !== 'number') return [];
    const { minimum, exclusiveMinimum, maximum } = each;
    const least = minimum ?? exclusiveMinimum;
    return [
      {
        ...field,
        type: 'number',
        whole: each.type === 'integer',
        ...(least !== undefined && { least }),
        ...(maximum !== undefined && Math.abs(maximum) < 2 ** 53 - 1 && { most: maximum }),
      },
    ];
  });
  known.set(kind, fields);
  return fields;
}
