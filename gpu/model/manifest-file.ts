// What the manifests of public/models have in common: files with size and checksum, tensors in a row, and how their JSON is read.

import { EngineError } from '../core/errors.ts';
import { z } from '../core/schema.ts';

export const count = z.int().check(z.gte(1));
const fileSize = z.int().check(z.gte(1), z.lte(1 << 26));

/** A file of the same folder: name without a path, exact size, SHA-256 in hex. */
export const fileFacts = {
  file: z.string().check(z.regex(/^[\w.-]+$/)),
  bytes: fileSize,
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
};

/** How the weights lie in their file; offsets in elements. */
export const tensorFacts = {
  elements: fileSize,
  tensors: z
    .array(z.object({ name: z.string(), shape: z.array(count).check(z.minLength(1)), offset: z.int().check(z.gte(0)) }))
    .check(z.minLength(1)),
};

/** @throws EngineError bad-file naming the first member that is wrong */
export function readJson<T>(file: string, text: string, schema: z.ZodMiniType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new EngineError('bad-file', `${file} is not JSON`, { field: file });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = `${file}: ${issue.path.join('.')}`;
  throw new EngineError('bad-file', `${field}: ${issue.message}`, { field });
}
