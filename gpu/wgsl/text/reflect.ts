// What the runtime needs to know of the project's own kernels before it can run them: bindings, Params, entry points, workgroup sizes. Works
// on the text alone, so that no parser has to be loaded for a plain run. For kernels of others: gpu/wgsl/parse/read-kernel.ts.

import { EngineError } from '../../core/errors.ts';
import { blankComments } from './comments.ts';
import { moduleConstants, moduleScope, requireInteger } from './const-eval.ts';
import type { KernelVariable } from './kernel-interface.ts';

export interface StructMember {
  name: string;
  type: string;
}

export interface OverrideReflection {
  name: string;
  /** The number in `@id(…)`, in decimal; a pipeline knows the constant by it alone. */
  id?: string;
  hasDefault: boolean;
  /** The entry point's code, or a declaration it uses, mentions it. */
  isUsed: boolean;
}

export interface EntryPointReflection {
  name: string;
  workgroupSize: [number, number, number];
}

const NAME = '[\\p{XID_Start}_]\\p{XID_Continue}*';
const ATTRIBUTE = '(?:@\\s*\\w+\\s*(?:\\((?:[^()]|\\([^()]*\\))*\\)\\s*)?)';
const ATTRIBUTES = `${ATTRIBUTE}*`;
const SOME_ATTRIBUTES = `${ATTRIBUTE}+`;
/**
 * Declarations with the attributes before them. Attributes that nothing follows are taken, too, without a name: where they were not, each of
 * them would be the start of another try. For the same reason no part runs over what begins the next declaration.
 */
const declarations = (code: string, declaration: string) =>
  [...code.matchAll(new RegExp(`(${ATTRIBUTES})(?:${declaration})|${SOME_ATTRIBUTES}`, 'gu'))].filter(
    ([, attributes]) => attributes !== undefined,
  );
const VARIABLE = `\\bvar\\s*(?:<([^<>;]*)>)?\\s*(${NAME})\\s*:\\s*([^;:]+);`;
const OVERRIDE = `\\boverride\\s+(${NAME})\\s*(?::[^=;]*)?(=)?`;
const FUNCTION = `\\bfn\\s+(${NAME})\\s*\\(`;
const DECLARATION = new RegExp(`\\b(?:var\\s*(?:<[^<>;]*>)?|const|override|alias)\\s*(${NAME})([^;]*)(?:;|$)`, 'gu');

/**
 * The resource bindings of `source`, by group and binding. With `entryPoint`, only those its code can reach (two entry points
 * may use the same binding number for different variables).
 *
 * @throws EngineError bad-input for a group or binding number that is no const-expression, unsupported where one was not found
 */
export function reflectBindings(source: string, entryPoint?: string): KernelVariable[] {
  const code = blankComments(source);
  const constants = moduleConstants(code);
  const reached = entryPoint === undefined ? undefined : reachedNames(code, entryPoint);
  const bindings: KernelVariable[] = [];
  let declared = 0;
  for (const [, attributes = '', template, name = '', type = ''] of declarations(moduleScope(code), VARIABLE)) {
    const group = attributeArguments(attributes, 'group');
    const binding = attributeArguments(attributes, 'binding');
    if (group === undefined || binding === undefined) continue;
    declared++;
    if (reached && !reached.has(name)) continue;
    const [space = '', access] = (template ?? 'handle').split(',').map((word) => word.trim());
    bindings.push({
      group: requireInteger(group, constants, `@group of ${name}`),
      binding: requireInteger(binding, constants, `@binding of ${name}`),
      name,
      space: space as KernelVariable['space'],
      access: (access || 'read') as KernelVariable['access'],
      type: type.replace(/\s+/g, ' ').trim(),
    });
  }
  if (declared !== (code.match(/@\s*binding\b/g)?.length ?? 0)) throw unread('@binding');
  return bindings.sort((a, b) => a.group - b.group || a.binding - b.binding);
}

/** Never run with less than the kernel has. */
function unread(attribute: string): EngineError {
  const message = `a ${attribute} of the kernel could not be read: write its numbers with fewer brackets`;
  return new EngineError('unsupported', message, { field: attribute });
}

/** Members of `struct name` in order, with their types as written; undefined when the source has no such struct. */
export function reflectStruct(source: string, name = 'Params'): StructMember[] | undefined {
  const code = blankComments(source);
  const start = new RegExp(`\\bstruct\\s+${name}\\s*\\{`, 'u').exec(code);
  if (!start) return undefined;
  const open = start.index + start[0].length;
  const body = code.slice(open, code.indexOf('}', open));
  return splitTopLevel(body)
    .map((text) => new RegExp(`^${ATTRIBUTES}\\s*(${NAME})\\s*:\\s*([^]+)$`, 'u').exec(text.trim()))
    .filter((match) => match !== null)
    .map(([, member = '', type = '']) => ({ name: member, type: type.replace(/\s+/g, ' ').trim() }));
}

/**
 * The `override` constants of `source`, in order.
 *
 * @throws EngineError bad-input for an id that is no const-expression
 */
export function reflectOverrides(source: string, entryPoint: string): OverrideReflection[] {
  const code = blankComments(source);
  const reached = reachedNames(code, entryPoint);
  const constants = moduleConstants(code);
  return declarations(moduleScope(code), OVERRIDE).map(([, attributes = '', name = '', equals]) => {
    const id = attributeArguments(attributes, 'id');
    return {
      name,
      ...(id !== undefined && { id: String(requireInteger(id.replace(/,\s*$/, ''), constants, `@id of ${name}`)) }),
      hasDefault: equals !== undefined,
      isUsed: reached.has(name),
    };
  });
}

/**
 * The compute entry points of `source` and their workgroup sizes, in order. `overrides` are the values given for `override`
 * constants.
 *
 * @throws EngineError bad-input for a workgroup size that cannot be worked out
 */
export function reflectEntryPoints(
  source: string,
  overrides: Readonly<Record<string, number | boolean>> = {},
): EntryPointReflection[] {
  const code = blankComments(source);
  const constants = moduleConstants(code, overrides);
  const entries: EntryPointReflection[] = [];
  for (const [, attributes = '', name = ''] of declarations(moduleScope(code), FUNCTION)) {
    if (!/@\s*compute\b/.test(attributes)) continue;
    const list = splitTopLevel(attributeArguments(attributes, 'workgroup_size') ?? '').filter((text) => text.trim());
    const size = (index: number) =>
      list[index] === undefined ? 1 : requireInteger(list[index], constants, `@workgroup_size of ${name}`);
    entries.push({ name, workgroupSize: [size(0), size(1), size(2)] });
  }
  return entries;
}

/**
 * The entry point called `name`, or the only one.
 *
 * @throws EngineError bad-input when there is none, or several and no name
 */
export function requireEntryPoint(
  source: string,
  name?: string,
  overrides: Readonly<Record<string, number | boolean>> = {},
): EntryPointReflection {
  const found = requireEntryPointName(source, name);
  return reflectEntryPoints(source, overrides).find((each) => each.name === found)!;
}

/** As requireEntryPoint, without working out workgroup sizes. @throws EngineError bad-input */
export function requireEntryPointName(source: string, name?: string): string {
  const names = declarations(moduleScope(blankComments(source)), FUNCTION)
    .filter(([, attributes = '']) => /@\s*compute\b/.test(attributes))
    .map(([, , each = '']) => each);
  if (names.length !== (blankComments(source).match(/@\s*compute\b/g)?.length ?? 0)) throw unread('@compute');
  return requireNamed(names, name);
}

/** `name` among the entry points `names`, or the only one. @throws EngineError bad-input */
export function requireNamed(names: readonly string[], name?: string): string {
  const found = name === undefined && names.length === 1 ? names[0] : names.find((each) => each === name);
  if (found !== undefined) return found;
  const message =
    names.length === 0
      ? 'the kernel has no @compute entry point'
      : name === undefined
        ? `the kernel has several entry points (${names.join(', ')}): name one`
        : `the kernel has no entry point ${name}`;
  throw new EngineError('bad-input', message, { field: 'entryPoint', value: name, limit: [...names] });
}

/** Every identifier that `entryPoint`, the functions it calls and the module-scope declarations they use mention. */
function reachedNames(code: string, entryPoint: string): Set<string> {
  const bodies = new Map<string, Set<string>>();
  const functions = declarations(moduleScope(code), FUNCTION);
  for (const [index, match] of functions.entries()) {
    const from = match.index + match[0].length;
    // One without a body of its own has none of the next function's.
    const open = code.slice(from, functions[index + 1]?.index).indexOf('{');
    if (open < 0) continue;
    bodies.set(match[2]!, namesIn(match[1]! + code.slice(from, closingBrace(code, from + open))));
  }
  for (const [, name = '', text = ''] of moduleScope(code).matchAll(DECLARATION)) bodies.set(name, namesIn(text));
  const reached = new Set<string>();
  const pending = [entryPoint];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const name of bodies.get(next) ?? []) {
      if (reached.has(name)) continue;
      reached.add(name);
      pending.push(name);
    }
  }
  return reached;
}

function namesIn(text: string): Set<string> {
  return new Set(text.match(new RegExp(NAME, 'gu')));
}

function closingBrace(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if (code[at] === '{') depth++;
    if (code[at] === '}' && --depth === 0) return at;
  }
  return code.length;
}

/** The text between the parentheses of `@name(…)`, undefined without that attribute. */
function attributeArguments(attributes: string, name: string): string | undefined {
  return new RegExp(`@\\s*${name}\\s*\\(((?:[^()]|\\([^()]*\\))*)\\)`).exec(attributes)?.[1];
}

/** Splits at commas that stand in no bracket. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if ('(<['.includes(text[at]!)) depth++;
    if (')>]'.includes(text[at]!)) depth--;
    if (text[at] === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
