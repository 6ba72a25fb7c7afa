// The tensors of a dropped file → inputs of a mechanism: by name and shape, as the mechanism itself takes them. What does not fit is refused
// by its name, with its shape and what is needed. Pure.

import { EngineError } from '#gpu/core/errors.ts';
import {
  type DescribedTensor,
  ELEMENT_BYTES,
  MOST_ELEMENTS,
  type StoredTensor,
  toFloat32,
} from '#gpu/core/stored-tensor.ts';
import { type DType, elementCount, type Tensor } from '#gpu/core/tensor.ts';
import { openTensorFile, type TensorFile } from '#gpu/core/tensor-file.ts';
import type { Config, Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Reads } from '../../exhibit/reads.ts';
import { listed } from '../../words/lists.ts';
import { inputsOf, planOf, type Wanted, wantedBy } from './wanted-inputs.ts';

type Given = Record<string, Tensor>;
type FileReads = NonNullable<Reads['file']>;
/** A tensor of the file: what its header says, and the way to its elements, which may still be packed. */
type Found = DescribedTensor & { open(): Promise<StoredTensor> };
/** One whose elements nobody has looked at yet. */
type Outline = Pick<Tensor, 'shape' | 'dtype'>;

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
    const found = 'names' in opened ? await pick(opened, wanted, reads) : unnamed(opened, wanted, reads);
    return await fitted(found, wanted, mechanism, reads);
  } catch (error) {
    if (!(error instanceof EngineError) || error.message.startsWith(file)) throw error;
    const { message, field, value, limit } = error;
    throw new EngineError('bad-file', `${file}: ${message.replace(/^safetensors: /, '')}`, { field, value, limit });
  }
}

/** Each input's tensor: by its whole name, else in any case or by an alias, else by the last part of a dotted name. */
async function pick(
  { names, unread, headerOf, open }: TensorFile,
  wanted: readonly Wanted[],
  reads: FileReads,
): Promise<Map<string, Found>> {
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
  const described = new Map<string, Found>();
  for (const [name, theirs] of found) {
    const { type, shape } = await headerOf(theirs);
    described.set(name, { name, type, shape, open: async () => ({ ...(await open(theirs)), name }) });
  }
  return described;
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
function unnamed(stored: StoredTensor, wanted: readonly Wanted[], { stacked }: FileReads): Map<string, Found> {
  const { name: file, type, shape } = stored;
  const needed = wanted.filter(({ isNeeded }) => isNeeded);
  const [only, ...others] = needed;
  if (!stacked) {
    if (only && others.length === 0) {
      const { name } = only;
      return new Map([[name, { name, type, shape, open: async () => ({ ...stored, name }) }]]);
    }
    const message = `a .npy holds one tensor; ${listed(needed.map(({ name }) => name))} are needed: put them into a .npz`;
    throw new EngineError('bad-file', message, { field: only?.name, limit: needed.map(({ name }) => name) });
  }
  if (shape[0] !== stacked.length || shape.length < 3) {
    const message = `a .npy must hold ${listed(stacked)} stacked, [${stacked.length}, …] with 3 axes or more; it is [${shape.join(', ')}]`;
    throw new EngineError('bad-file', message, { field: `${file}.shape`, value: shape, limit: [stacked.length, '…'] });
  }
  const inner = shape.slice(1);
  // In Fortran order the parts lie interleaved.
  let ordered: StoredTensor | undefined;
  const open = async (name: string, i: number) => {
    ordered ??= stored.firstAxisFastest ? rowMajor(stored) : stored;
    const size = elementCount(inner) * ELEMENT_BYTES[ordered.type];
    return { ...ordered, name, shape: inner, bytes: ordered.bytes.subarray(i * size, (i + 1) * size) };
  };
  return new Map(stacked.map((name, i) => [name, { name, type, shape: inner, open: () => open(name, i) }]));
}

function rowMajor(stored: StoredTensor): StoredTensor {
  const { data } = toFloat32(stored);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name: stored.name, type: 'f32', shape: stored.shape, bytes };
}

/** The mechanism says whether they go together, and what is still missing: of their shapes, before anything is unpacked. */
async function fitted(
  found: ReadonlyMap<string, Found>,
  wanted: readonly Wanted[],
  mechanism: Mechanism,
  reads: FileReads,
): Promise<Given> {
  requireWatchable([...found.values()]);
  const dtypeOf = (name: string) => wanted.find((one) => one.name === name)?.dtype;
  const outlines: Record<string, Outline | Tensor> = {};
  for (const [name, each] of found) {
    const isOfSizes = mechanism.sizeInputs?.includes(name) && each.shape.length === 1 && each.shape[0]! <= MOST_SIZES;
    outlines[name] = isOfSizes
      ? tensorOf(await each.open(), dtypeOf(name))
      : { shape: each.shape, dtype: dtypeIn(each, dtypeOf(name)) };
  }
  taken(outlines, wanted, mechanism, reads);
  const given: Given = {};
  for (const [name, each] of found) given[name] = tensorOf(await each.open(), dtypeOf(name));
  return taken(given, wanted, mechanism, reads);
}

/** Lengths of sequences, say, which are few. */
const MOST_SIZES = 65_536;

function requireWatchable(found: readonly Found[]): void {
  let elements = 0;
  for (const { name, shape } of found) {
    if (shape.some((extent) => extent < 1)) {
      const message = `${name} is empty: [${shape.join(', ')}]`;
      throw new EngineError('bad-file', message, { field: name, value: shape, limit: 1 });
    }
    elements += elementCount(shape);
    if (elements <= MOST_ELEMENTS) continue;
    const all = found.map((each) => `${each.name} [${each.shape.join(', ')}]`).join(', ');
    const message = `${all}: at most ${MOST_ELEMENTS} elements together can be watched`;
    throw new EngineError('bad-file', message, { field: name, value: shape, limit: MOST_ELEMENTS });
  }
}

/** As the mechanism takes them. @throws EngineError bad-file where it does not */
function taken<T extends Outline>(
  given: Readonly<Record<string, T>>,
  wanted: readonly Wanted[],
  mechanism: Mechanism,
  reads: FileReads,
): Record<string, T> {
  const names = Object.keys(given);
  const missing = wanted.flatMap(({ name, isNeeded }) => (isNeeded && !given[name] ? [name] : []));
  const whole = inWholeForms(given, reads);
  const resolve = (tensors: Readonly<Record<string, T>>) => mechanism.resolve({}, mapped(tensors, withData));
  let accepted = given;
  let config: Config;
  try {
    try {
      config = resolve(given);
    } catch (error) {
      if (whole === given || error instanceof StillPacked) throw error;
      config = resolve(whole);
      accepted = whole;
    }
  } catch (error) {
    // What depends on values is asked again when they are there.
    if (error instanceof StillPacked) return given;
    if (!(error instanceof EngineError)) throw error;
    if (missing.length > 0 && error.code !== 'shape-mismatch') throw lacks(missing, names, reads);
    const { message, field, value, limit } = error;
    const about = wanted.filter(({ name }) => given[name] && (name === field || !given[field ?? '']));
    const needs = about.map((one) => one.name + axesText(one, reads)).join(', ');
    const has = about.map(({ name }) => `${name} [${given[name]!.shape.join(', ')}]`).join(', ');
    const said = `${message}. ${mechanism.title} takes ${needs}; the file has ${has}`;
    throw new EngineError('bad-file', said, { field, value, limit });
  }
  const left = stillMissing(names, mechanism, config);
  if (left.length > 0) throw lacks(left, names, reads);
  return accepted;
}

/** Somebody asked for values before they are unpacked. */
class StillPacked extends Error {}

const withData = (tensor: Outline | Tensor): Tensor =>
  'data' in tensor
    ? tensor
    : {
        ...tensor,
        get data(): never {
          throw new StillPacked();
        },
      };

const mapped = <T, R>(record: Readonly<Record<string, T>>, to: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]));

function axesText({ name, axes }: Wanted, { forms }: FileReads): string {
  const known = forms?.[name] ?? (axes ? [axes] : []);
  return known.length === 0 ? '' : ` [${known.map((each) => each.join(', ')).join('] or [')}]`;
}

/** With the axes that shorter forms lack; the same object where none has one. */
function inWholeForms<T extends Outline>(given: Readonly<Record<string, T>>, { forms = {} }: FileReads) {
  let isChanged = false;
  const whole = Object.entries(given).map(([name, tensor]): [string, T] => {
    const [full, ...shorter] = forms[name] ?? [];
    const form = shorter.find(({ length }) => length === tensor.shape.length);
    if (!full || !form || full.length === tensor.shape.length) return [name, tensor];
    isChanged = true;
    return [name, { ...tensor, shape: full.map((axis) => tensor.shape[form.indexOf(axis)] ?? 1) }];
  });
  return isChanged ? Object.fromEntries(whole) : given;
}

/** What a run of these would still be without: of the variant that lacks least, for variants may take different inputs. */
function stillMissing(given: readonly string[], mechanism: Mechanism, config: Config): string[] {
  let least: string[] | undefined;
  for (const { id } of mechanism.variants) {
    const plan = planOf(mechanism, id, config);
    if (!plan) continue;
    const missing = inputsOf(plan).flatMap(({ name }) => (given.includes(name) ? [] : [name]));
    if (missing.length === 0) return missing;
    if (!least || missing.length < least.length) least = missing;
  }
  return least ?? [];
}

/** Whole numbers as such where they are needed so, or nothing is known of it and the file has them so. */
function dtypeIn({ type }: DescribedTensor, dtype: DType | undefined): DType {
  return dtype ?? (type === 'i32' || type === 'i64' ? 'i32' : 'f32');
}

function tensorOf(stored: StoredTensor, asked: DType | undefined): Tensor {
  const { name } = stored;
  const floats = toFloat32(stored);
  const dtype = dtypeIn(stored, asked);
  if (dtype === 'f32') return floats;
  const bad = floats.data.findIndex((value) => !Number.isInteger(value) || Math.abs(value) > 2 ** 24);
  if (bad >= 0) {
    const message = `${name}: element ${bad} is ${floats.data[bad]}; whole numbers up to 2²⁴ are read here`;
    throw new EngineError('bad-file', message, { field: `${name}[${bad}]`, value: floats.data[bad], limit: 2 ** 24 });
  }
  const data = dtype === 'u32' ? Uint32Array.from(floats.data) : Int32Array.from(floats.data);
  return { dtype, shape: floats.shape, data };
}
