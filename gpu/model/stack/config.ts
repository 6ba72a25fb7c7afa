// The config of a stack: a way in, how places are told, blocks, a way out.

import { parseConfig } from '../../core/config.ts';
import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import { blockKinds } from '../blocks.ts';
import { readoutKinds, tokenKinds } from '../ends.ts';
import type { PartKind, StackSize } from '../part.ts';

/** Tokens that a text has room for, where nobody says. */
const USUAL_CONTEXT = 256;

/** Of what device and page can be asked at all. */
export const MOST = { context: 4096, width: 1024, blocks: 64 };

const positionKeys = z.strictObject({
  kind: z._default(z.enum(['none', 'learned', 'sinusoidal', 'rope', 'alibi']), 'none'),
  layout: z._default(z.enum(['half', 'interleaved']), 'half'),
  theta: z._default(z.number().check(z.gt(1)), 10_000),
  scaling: z._default(z.enum(['default', 'linear', 'dynamic']), 'default'),
  factor: z._default(z.number().check(z.gte(1)), 1),
});

export const positions = z._default(z.prefault(positionKeys, {}), {
  kind: 'none',
  layout: 'half',
  theta: 10_000,
  scaling: 'default',
  factor: 1,
});

export const normEpsilon = z._default(z.number().check(z.positive(), z.lte(1)), 1e-5);

/** Its kind's own schema reads the rest. */
export const part = z.looseObject({ kind: z.string() });

export const schema = z.strictObject({
  tokens: part,
  width: z.int().check(z.gte(1), z.lte(MOST.width)),
  positions,
  blocks: z.array(part).check(z.maxLength(MOST.blocks)),
  readout: part,
  normEpsilon,
  /** Of a picture it follows from how that is cut. */
  context: z.optional(z.int().check(z.gte(1), z.lte(MOST.context))),
});

/** A part with its place in the stack: `tokens`, `blocks.2`, `readout`. */
export interface Part {
  place: string;
  kind: PartKind;
  /** What is set, read by its kind's schema. */
  keys: object;
}

export interface Stack {
  size: StackSize;
  tokens: Part;
  blocks: Part[];
  readout: Part;
}

/** A part as the config has it. */
export interface PartConfig {
  kind: string;
  readonly [key: string]: unknown;
}

export interface StackConfig {
  tokens: PartConfig;
  width: number;
  positions: StackSize['positions'];
  blocks: PartConfig[];
  readout: PartConfig;
  normEpsilon: number;
  context: number;
}

/** @throws EngineError bad-config */
export function readPart(place: string, raw: PartConfig, kinds: ReadonlyMap<string, PartKind>): Part {
  const { kind: id, ...keys } = raw;
  const kind = kinds.get(id);
  if (!kind) {
    const limit = [...kinds.keys()];
    throw new EngineError('bad-config', `${place}: there is no kind ${id}; there are ${limit.join(', ')}`, {
      field: `${place}.kind`,
      value: id,
      limit,
    });
  }
  try {
    return { place, kind, keys: parseConfig(kind.keys, keys) };
  } catch (error) {
    throw error instanceof EngineError ? within(place, error) : error;
  }
}

/** The same error, with the part's place before the field. */
export function within(place: string, error: EngineError): EngineError {
  const { code, message, field, value, limit } = error;
  return new EngineError(code, `${place}: ${message}`, { field: `${place}.${field ?? ''}`, value, limit });
}

/** @returns the config with every default filled in @throws EngineError bad-config naming the field behind its part's place */
export function resolveStack(raw: object): StackConfig {
  const asked = parseConfig(schema, raw);
  const made = tokensOf(asked.tokens);
  const config = { ...asked, context: asked.context ?? made ?? USUAL_CONTEXT };
  const { tokens, blocks, readout } = stackOf(config as StackConfig);
  const filled = ({ kind, keys }: Part) => ({ kind: kind.kind, ...keys });
  return { ...config, tokens: filled(tokens), blocks: blocks.map(filled), readout: filled(readout) };
}

/** Tokens that come of a picture; undefined of a text. */
function tokensOf(raw: StackConfig['tokens']): number | undefined {
  const { kind, keys } = readPart('tokens', raw, tokenKinds);
  return kind.tokens?.(keys);
}

/** @throws EngineError bad-config for a context that a picture does not make, or that is more than fits */
function requireContext({ tokens, context }: StackConfig): void {
  const made = tokensOf(tokens);
  if (context > MOST.context || (made !== undefined && made !== context)) {
    const message = made === undefined ? `at most ${MOST.context} tokens` : `the picture makes ${made} tokens`;
    const limit = made === context ? MOST.context : (made ?? MOST.context);
    throw new EngineError('bad-config', `context: ${message}`, { field: 'context', value: context, limit });
  }
}

/** @throws EngineError bad-config */
export function stackOf(config: StackConfig): Stack {
  const { width, positions: places, normEpsilon: epsilon, context } = config;
  const size: StackSize = { batch: 1, context, width, epsilon, positions: places };
  const stack = {
    size,
    tokens: readPart('tokens', config.tokens, tokenKinds),
    blocks: config.blocks.map((block, index) => readPart(`blocks.${index}`, block, blockKinds)),
    readout: readPart('readout', config.readout, readoutKinds),
  };
  requireContext(config);
  for (const { place, kind, keys } of partsOf(stack)) {
    try {
      kind.accept?.(keys, size);
    } catch (error) {
      throw error instanceof EngineError ? within(place, error) : error;
    }
  }
  return stack;
}

/** In the order in which they run. */
export const partsOf = ({ tokens, blocks, readout }: Stack): Part[] => [tokens, ...blocks, readout];

/** Whether every token sees those before it alone: then the stack can go on token by token. */
export const isCausal = (stack: Stack): boolean =>
  partsOf(stack).every(({ kind, keys }) => kind.isCausal?.(keys) === true);
