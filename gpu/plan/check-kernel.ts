// The part of the limits check that needs a kernel's text: invocations per workgroup and workgroup memory, from the constants baked
// into it. Says nothing where the text needs a compiler; the device then has the last word.

import { EngineError } from '../core/errors.ts';
import { blankComments } from '../wgsl/text/comments.ts';
import { evaluateInteger, moduleConstants, moduleScope } from '../wgsl/text/const-eval.ts';
import type { KernelInterface } from '../wgsl/text/kernel-interface.ts';
import { reflectBindings, reflectEntryPoints, reflectStruct, requireEntryPoint } from '../wgsl/text/reflect.ts';

type Limits = Readonly<Record<string, number>>;
type Overrides = Readonly<Record<string, number | boolean>>;
type Lookup = (name: string) => number | undefined;

interface Extent {
  size: number;
  align: number;
}

/**
 * @param source the kernel with its constants baked
 * @throws EngineError limit-exceeded (field, value, limit), bad-input for an entry point the kernel does not have
 */
export function checkKernel(
  file: string,
  source: string,
  entryPoint: string | undefined,
  limits: Limits,
  overrides: Overrides = {},
): void {
  checkInterface(file, textInterface(source, entryPoint, overrides), limits);
}

/**
 * The interface of a kernel of the project's own, from its text alone. A test holds it equal to what the syntax tree says.
 *
 * @throws EngineError bad-input for an entry point the kernel does not have, and for what cannot be worked out
 */
export function textInterface(
  source: string,
  entryPoint: string | undefined,
  overrides: Overrides = {},
): KernelInterface {
  const { name, workgroupSize } = requireEntryPoint(source, entryPoint, overrides);
  return {
    entryPoint: name,
    workgroupSize,
    used: reflectBindings(source, name),
    declared: reflectBindings(source),
    workgroupBytes: workgroupBytes(source, overrides),
  };
}

/** @throws EngineError limit-exceeded (field, value, limit) */
export function checkInterface(
  file: string,
  { used, workgroupSize, workgroupBytes }: KernelInterface,
  limits: Limits,
): void {
  for (const { name, group, binding } of used) checkPlace(`${file} ${name}`, group, binding, limits);
  workgroupSize.forEach((value, axis) => {
    const name = (['X', 'Y', 'Z'] as const)[axis]!;
    const field = `${file} workgroup_size.${name.toLowerCase()}`;
    atMost(
      field,
      value,
      `maxComputeWorkgroupSize${name}`,
      limits,
      `${file} has ${value} invocations along ${name.toLowerCase()}`,
    );
  });
  const invocations = workgroupSize.reduce((product, extent) => product * extent, 1);
  const message = `${file} has ${invocations} invocations per workgroup`;
  atMost(`${file} workgroup_size`, invocations, 'maxComputeInvocationsPerWorkgroup', limits, message);
  if (workgroupBytes === undefined) return;
  const needs = `${file} needs ${workgroupBytes} bytes of workgroup memory`;
  atMost(`${file} workgroup memory`, workgroupBytes, 'maxComputeWorkgroupStorageSize', limits, needs);
}

/** @throws EngineError limit-exceeded for a bind group, or a number in it, that the device does not have */
export function checkPlace(what: string, group: number, binding: number, limits: Limits): void {
  const place = `${what} is @group(${group}) @binding(${binding})`;
  atMost('maxBindGroups', group + 1, 'maxBindGroups', limits, place);
  atMost('maxBindingsPerBindGroup', binding + 1, 'maxBindingsPerBindGroup', limits, place);
}

/**
 * Bytes of workgroup memory a kernel declares, each variable rounded up to 16 as WebGPU's limit counts them.
 *
 * @returns undefined where that cannot be told from the text: several entry points, override-sized or unusual types
 */
export function workgroupBytes(source: string, overrides: Overrides = {}): number | undefined {
  return workgroupSizes(source, overrides)?.reduce((total, size) => total + roundUp(size, 16), 0);
}

/** As workgroupBytes, without rounding: what the variables themselves hold. */
export function declaredBytes(source: string): number | undefined {
  return workgroupSizes(source)?.reduce((total, size) => total + size, 0);
}

/** Bytes of every workgroup variable. */
function workgroupSizes(source: string, overrides: Overrides = {}): number[] | undefined {
  if (reflectEntryPoints(source, overrides).length !== 1) return undefined;
  const code = blankComments(source);
  const lookup = moduleConstants(code, overrides);
  const sizes: number[] = [];
  const reading = { source, lookup, left: MOST_TYPES };
  for (const [, type = ''] of moduleScope(code).matchAll(/\bvar\s*<\s*workgroup\s*>\s*[\w\p{L}]+\s*:\s*([^;=:]+);/gu)) {
    const extent = extentOf(type, reading);
    if (!extent) return undefined;
    sizes.push(extent.size);
  }
  return sizes;
}

/**
 * Bytes that a buffer bound to a variable of `type` needs at least; a runtime-sized array counts as one element.
 *
 * @returns undefined where that cannot be told from the text
 */
export function leastBindingBytes(source: string, type: string, overrides: Overrides = {}): number | undefined {
  const lookup = moduleConstants(blankComments(source), overrides);
  return extentOf(type, { source, lookup, left: MOST_TYPES }, true)?.size;
}

const SCALAR_BYTES: Record<string, number> = { f32: 4, u32: 4, i32: 4, f16: 2, bool: 4 };
const SUFFIX: Record<string, string> = { f: 'f32', u: 'u32', i: 'i32', h: 'f16' };

/** Types within types that are followed: far more than kernels have. A struct that holds itself, or two of one that holds two, has no end. */
const MOST_TYPES = 200;

interface Reading {
  source: string;
  lookup: Lookup;
  /** Types that may still be followed. */
  left: number;
}

/** @param open whether a runtime-sized array may stand here, counted as one element */
function extentOf(text: string, reading: Reading, open = false): Extent | undefined {
  if (reading.left-- <= 0) return undefined;
  const type = text.trim();
  const scalar = SCALAR_BYTES[type];
  if (scalar) return { size: scalar, align: scalar };
  const [, name = '', inner] = /^(\w+)\s*(?:<(.*)>)?$/s.exec(type) ?? [];
  if (name === 'atomic') return { size: 4, align: 4 };
  const vector = /^vec([234])([fuih])?$/.exec(name);
  if (vector) return vectorExtent(Number(vector[1]), SUFFIX[vector[2] ?? ''] ?? inner);
  const matrix = /^mat([234])x([234])([fh])?$/.exec(name);
  if (matrix) {
    const column = vectorExtent(Number(matrix[2]), SUFFIX[matrix[3] ?? ''] ?? inner);
    return column && { size: Number(matrix[1]) * roundUp(column.size, column.align), align: column.align };
  }
  if (name === 'array' && inner) return arrayExtent(inner, reading, open);
  return inner === undefined ? structExtent(name, reading, open) : undefined;
}

function vectorExtent(width: number, scalar: string | undefined): Extent | undefined {
  const bytes = SCALAR_BYTES[scalar?.trim() ?? ''];
  return bytes ? { size: width * bytes, align: (width === 2 ? 2 : 4) * bytes } : undefined;
}

function arrayExtent(inner: string, reading: Reading, open: boolean): Extent | undefined {
  const comma = lastTopLevelComma(inner.replace(/,\s*$/, ''));
  if (comma < 0) {
    const only = open ? extentOf(inner.replace(/,\s*$/, ''), reading) : undefined;
    return only && { size: roundUp(only.size, only.align), align: only.align };
  }
  const element = extentOf(inner.slice(0, comma), reading);
  const length = evaluateInteger(inner.slice(comma + 1).replace(/,\s*$/, ''), reading.lookup);
  if (!element || length === undefined) return undefined;
  return { size: length * roundUp(element.size, element.align), align: element.align };
}

function structExtent(name: string, reading: Reading, open: boolean): Extent | undefined {
  const { source } = reading;
  const members = reflectStruct(source, name);
  if (!members || members.length === 0 || new RegExp(`struct\\s+${name}\\s*\\{[^}]*@\\s*(?:size|align)`).test(source)) {
    return undefined;
  }
  let size = 0;
  let align = 1;
  for (const [index, member] of members.entries()) {
    const extent = extentOf(member.type, reading, open && index === members.length - 1);
    if (!extent) return undefined;
    size = roundUp(size, extent.align) + extent.size;
    align = Math.max(align, extent.align);
  }
  return { size: roundUp(size, align), align };
}

function lastTopLevelComma(text: string): number {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (')>]'.includes(text[at]!)) depth++;
    if ('(<['.includes(text[at]!)) depth--;
    if (text[at] === ',' && depth === 0) return at;
  }
  return -1;
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

function atMost(field: string, value: number, name: string, limits: Limits, message: string): void {
  const limit = limits[name];
  if (limit === undefined || value <= limit) return;
  throw new EngineError('limit-exceeded', `${message}; this device allows ${limit} (${name})`, { field, value, limit });
}
