// What a foreign kernel asks for: read once, from its syntax tree. Nothing is guessed.

import { EngineError } from '../../core/errors.ts';
import { textInterface } from '../../plan/check-kernel.ts';
import { overrideValues } from '../../plan/kernel-needs.ts';
import { type Module, parseModule, UNREADABLE } from '../../wgsl/parse/parse.ts';
import { entryFunction, kernelInterface, overridesOf } from '../../wgsl/parse/read-kernel.ts';
import type { KernelInterface } from '../../wgsl/text/kernel-interface.ts';
import { reflectOverrides, requireEntryPointName } from '../../wgsl/text/reflect.ts';

interface Foreign {
  asked: KernelInterface;
  /** Under the names a pipeline knows them by. */
  overrides: Record<string, number>;
}

/**
 * @param given values of override constants, by name or by id
 * @param marked other constants that the kernel has, for the errors
 * @throws EngineError bad-input, unknown-constant; unsupported-construct for a text that neither the parser nor the plain reader follows
 */
export function readForeign(
  file: string,
  wgsl: string,
  entryPoint: string | undefined,
  given: Readonly<Record<string, number>>,
  marked: readonly string[],
): Foreign {
  let module: Module;
  try {
    module = parseModule(wgsl);
  } catch (error) {
    if (!(error instanceof EngineError) || error.field !== UNREADABLE) throw error;
    return readText(file, wgsl, entryPoint, given, marked);
  }
  const { originalName } = entryFunction(module, entryPoint).name.ident;
  const overrides = overrideValues(file, overridesOf(module, originalName), given, marked);
  const settled = Object.keys(overrides).length === 0 ? module : parseModule(wgsl, overrides);
  return { asked: kernelInterface(settled, originalName), overrides };
}

/** From the text alone, where the parser does not follow. */
function readText(
  file: string,
  wgsl: string,
  entryPoint: string | undefined,
  given: Readonly<Record<string, number>>,
  marked: readonly string[],
): Foreign {
  const named = requireEntryPointName(wgsl, entryPoint);
  const overrides = overrideValues(file, reflectOverrides(wgsl, named), given, marked);
  return { asked: textInterface(wgsl, named, overrides), overrides };
}
