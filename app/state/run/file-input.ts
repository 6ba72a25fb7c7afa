// The tensors of a dropped file → inputs of a mechanism: by name and shape, as the mechanism itself takes them. What does not fit is refused
// by its name, with its shape and what is needed. Pure.

import { EngineError } from '#gpu/core/errors.ts';
import { ELEMENT_BYTES, type StoredTensor, toFloat32 } from '#gpu/core/stored-tensor.ts';
import { type DType, elementCount, type Tensor } from '#gpu/core/tensor.ts';
import { openTensorFile, type TensorFile } from '#gpu/core/tensor-file.ts';
import type { Config, Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Reads } from '../../exhibit/reads.ts';
import { listed } from '../../words/lists.ts';
import { inputsOf, planOf, type Wanted, wantedBy } from './wanted-inputs.ts';

type Given = Record<string, Tensor>;
type FileReads = NonNullable<Reads['file']>;

/**
 * @param file its name: every message says it
 * @throws EngineError bad-file naming field, value and limit; nothing else, whatever the bytes
 */
export async function inputsFromFile(
  bytes: Uint8Array,
  file: string,
  mechanism: Mechanism,
  reads: FileReads = {},
): Promise<Given> {
  try {
    const opened = openTensorFile(bytes, file);
    const wanted = wantedBy(mechanism);
    const stored = 'names' in opened ? await pick(opened, wanted, reads) : unnamed(opened, wanted, reads);
    return fitted(stored, wanted, mechanism, reads);
  } catch (error) {
    if (!(error instanceof EngineError) || error.message.startsWith(file)) throw error;
    const { message, field, value, limit } = error;
    throw new EngineError('bad-file', `${file}: ${message.replace(/^safetensors: /, '')}`, { field, value, limit });
  }
}

/** Each input's tensor: by its whole name, else in any case or by an alias, else by the last part of a dotted name. */
async function pick(
  { names, unread, open }: TensorFile,
  wanted: readonly Wanted[],
  reads: FileReads,
): Promise<Map<string, StoredTensor>> {
  const called = (name: string) => callings(name, reads);
  const last = (name: string) => name.split(/[./]/).at(-1)!;
  const ways: ((theirs: string, own: string) => boolean)[] = [
    (theirs, own) => theirs === own,
    (theirs, own) => called(own).includes(theirs.toLowerCase()),
    (theirs, own) => last(theirs) === own,
    (theirs, own) => called(own).includes(last(theirs).toLowerCase()),
  ];
  const found = new Map<string, string>();
  for (const fits of ways) {
    const taken = new Set(found.values());
    for (const { name } of wanted) {
      if (found.has(name)) continue;
      const all = names.filter((each) => !taken.has(each) && fits(each, name));
      const readable = all.filter((each) => !unread.has(each));
      // One that cannot be read stands for itself only where it is the only one: opening it says why.
      const candidates = readable.length > 0 ? readable : all;
      if (candidates.length > 1) {
        const message = `there are several tensors for ${name}: ${candidates.slice(0, 6).join(', ')}`;
        throw new EngineError('bad-file', message, { field: name, value: candidates, limit: called(name) });
      }
      if (candidates[0] !== undefined) found.set(name, candidates[0]);
    }
  }
  const missing = wanted.flatMap(({ name, isNeeded }) => (isNeeded && !found.has(name) ? [name] : []));
  const has = names.map((name) => (unread.has(name) ? `${name} (${unread.get(name)})` : name));
  if (found.size === 0) throw lacks(missing, has, reads);
  const opened = new Map<string, StoredTensor>();
  for (const [name, theirs] of found) opened.set(name, { ...(await open(theirs)), name });
  return opened;
}

const callings = (name: string, { aliases = {} }: FileReads): string[] => [
  name.toLowerCase(),
  ...Object.entries(aliases).flatMap(([alias, own]) => (own === name ? [alias.toLowerCase()] : [])),
];

function lacks(missing: readonly string[], has: readonly string[], reads: FileReads): EngineError {
  const names = missing.map((name) => {
    const [, ...aliases] = callings(name, reads);
    return aliases.length > 0 ? `${name} (or ${aliases.join(', ')})` : name;
  });
  const there = has.slice(0, 12).join(', ') + (has.length > 12 ? ', …' : '');
  const message = `${listed(names)} ${names.length === 1 ? 'is' : 'are'} missing; the file has ${there || 'no readable tensor'}`;
  return new EngineError('bad-file', message, { field: missing[0], value: has, limit: missing });
}

/** A .npy: [n, …] for as many stacked inputs, or the one input that is needed. */
function unnamed(stored: StoredTensor, wanted: readonly Wanted[], { stacked }: FileReads): Map<string, StoredTensor> {
  const { name: file, shape } = stored;
  const needed = wanted.filter(({ isNeeded }) => isNeeded);
  const [only, ...others] = needed;
  if (!stacked) {
    if (only && others.length === 0) return new Map([[only.name, { ...stored, name: only.name }]]);
    const message = `a .npy holds one tensor; ${listed(needed.map(({ name }) => name))} are needed: put them into a .npz`;
    throw new EngineError('bad-file', message, { field: only?.name, limit: needed.map(({ name }) => name) });
  }
  if (shape[0] !== stacked.length || shape.length < 3) {
    const message = `a .npy must hold ${listed(stacked)} stacked, [${stacked.length}, …] with 3 axes or more; it is [${shape.join(', ')}]`;
    throw new EngineError('bad-file', message, { field: `${file}.shape`, value: shape, limit: [stacked.length, '…'] });
  }
  // In Fortran order the parts lie interleaved.
  const ordered = stored.firstAxisFastest ? rowMajor(stored) : stored;
  const inner = shape.slice(1);
  const size = elementCount(inner) * ELEMENT_BYTES[ordered.type];
  return new Map(
    stacked.map((name, i) => [
      name,
      { ...ordered, name, shape: inner, bytes: ordered.bytes.subarray(i * size, (i + 1) * size) },
    ]),
  );
}

function rowMajor(stored: StoredTensor): StoredTensor {
  const { data } = toFloat32(stored);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name: stored.name, type: 'f32', shape: stored.shape, bytes };
}

/** The mechanism says whether they go together, and what is still missing. */
function fitted(
  stored: ReadonlyMap<string, StoredTensor>,
  wanted: readonly Wanted[],
  mechanism: Mechanism,
  reads: FileReads,
): Given {
  const given: Given = {};
  for (const [name, each] of stored) {
    if (each.shape.some((extent) => extent < 1)) {
      const message = `${name} is empty: [${each.shape.join(', ')}]`;
      throw new EngineError('bad-file', message, { field: name, value: each.shape, limit: 1 });
    }
    given[name] = tensorOf(each, wanted.find((one) => one.name === name)?.dtype);
  }
  const missing = wanted.flatMap(({ name, isNeeded }) => (isNeeded && !given[name] ? [name] : []));
  const whole = inWholeForms(given, reads);
  let taken = given;
  let config: Config;
  try {
    try {
      config = mechanism.resolve({}, given);
    } catch (error) {
      if (whole === given) throw error;
      config = mechanism.resolve({}, whole);
      taken = whole;
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (missing.length > 0 && error.code !== 'shape-mismatch') throw lacks(missing, [...stored.keys()], reads);
    const { message, field, value, limit } = error;
    const about = wanted.filter(({ name }) => stored.has(name) && (name === field || !stored.has(field ?? '')));
    const needs = about.map((one) => one.name + axesText(one, reads)).join(', ');
    const has = about.map(({ name }) => `${name} [${stored.get(name)!.shape.join(', ')}]`).join(', ');
    const said = `${message}. ${mechanism.title} takes ${needs}; the file has ${has}`;
    throw new EngineError('bad-file', said, { field, value, limit });
  }
  const left = stillMissing(taken, mechanism, config);
  if (left.length > 0) throw lacks(left, [...stored.keys()], reads);
  return taken;
}

function axesText({ name, axes }: Wanted, { forms }: FileReads): string {
  const known = forms?.[name] ?? (axes ? [axes] : []);
  return known.length === 0 ? '' : ` [${known.map((each) => each.join(', ')).join('] or [')}]`;
}

/** With the axes that shorter forms lack; the same object where none has one. */
function inWholeForms(given: Given, { forms = {} }: FileReads): Given {
  let isChanged = false;
  const whole = Object.entries(given).map(([name, tensor]): [string, Tensor] => {
    const [full, ...shorter] = forms[name] ?? [];
    const form = shorter.find(({ length }) => length === tensor.shape.length);
    if (!full || !form || full.length === tensor.shape.length) return [name, tensor];
    isChanged = true;
    return [name, { ...tensor, shape: full.map((axis) => tensor.shape[form.indexOf(axis)] ?? 1) }];
  });
  return isChanged ? Object.fromEntries(whole) : given;
}

/** What a run of these would still be without: of the variant that lacks least, for variants may take different inputs. */
function stillMissing(given: Given, mechanism: Mechanism, config: Config): string[] {
  let least: string[] | undefined;
  for (const { id } of mechanism.variants) {
    const plan = planOf(mechanism, id, config);
    if (!plan) continue;
    const missing = inputsOf(plan).flatMap(({ name }) => (given[name] ? [] : [name]));
    if (missing.length === 0) return missing;
    if (!least || missing.length < least.length) least = missing;
  }
  return least ?? [];
}

/** Whole numbers as such where they are needed so, or nothing is known of it and the file has them so. */
function tensorOf(stored: StoredTensor, dtype: DType | undefined): Tensor {
  const { name, type } = stored;
  const floats = toFloat32(stored);
  const isWhole = dtype === undefined ? type === 'i32' || type === 'i64' : dtype !== 'f32';
  if (!isWhole) return floats;
  const bad = floats.data.findIndex((value) => !Number.isInteger(value) || Math.abs(value) > 2 ** 24);
  if (bad >= 0) {
    const message = `${name}: element ${bad} is ${floats.data[bad]}; whole numbers up to 2²⁴ are read here`;
    throw new EngineError('bad-file', message, { field: `${name}[${bad}]`, value: floats.data[bad], limit: 2 ** 24 });
  }
  const data = dtype === 'u32' ? Uint32Array.from(floats.data) : Int32Array.from(floats.data);
  return { dtype: dtype === 'u32' ? 'u32' : 'i32', shape: floats.shape, data };
}
