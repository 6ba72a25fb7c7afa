// What a kernel's text asks of the device and of its caller before it can run: features, constants, bytes behind a binding.

import { EngineError } from '../core/errors.ts';
import { blankComments } from '../wgsl/text/comments.ts';
import { moduleScope } from '../wgsl/text/const-eval.ts';
import type { OverrideReflection } from '../wgsl/text/reflect.ts';

/** WGSL extension → the WebGPU feature behind it. Others are the compiler's to judge. */
const FEATURE_OF: Record<string, string> = { f16: 'shader-f16', subgroups: 'subgroups' };

/** @throws EngineError unsupported naming the feature behind an `enable` that the device does not have */
export function checkFeatures(file: string, source: string, features: readonly string[]): void {
  for (const [, list = ''] of moduleScope(blankComments(source)).matchAll(/\benable\s+([^;]+)(?:;|$)/g)) {
    for (const extension of list.split(',').map((word) => word.trim())) {
      const feature = Object.hasOwn(FEATURE_OF, extension) ? FEATURE_OF[extension]! : undefined;
      if (feature === undefined || features.includes(feature)) continue;
      const message = `${file} enables ${extension}; this device does not have ${feature}`;
      throw new EngineError('unsupported', message, { field: feature, value: extension, limit: [...features] });
    }
  }
}

/**
 * Values for `override` constants under the names a pipeline knows them by: the id where there is one, else the name.
 *
 * @param given by name, or by id in decimal
 * @param others further constants the kernel has, for the error's list
 * @throws EngineError unknown-constant (with the known ones as limit); bad-input for a constant given twice, one that is no finite
 *   number, or one that the entry point uses and that has neither default nor value
 */
export function overrideValues(
  file: string,
  overrides: readonly OverrideReflection[],
  given: Readonly<Record<string, number>>,
  others: readonly string[] = [],
): Record<string, number> {
  const keyOf = ({ name, id }: OverrideReflection) => id ?? name;
  const values: Record<string, number> = {};
  for (const [constant, value] of Object.entries(given)) {
    const found = overrides.find(({ name, id }) => constant === name || constant === id);
    if (!found) {
      const limit = [...overrides.map(({ name }) => name), ...others];
      const known = limit.length > 0 ? `it has ${limit.join(', ')}` : 'it has none';
      const message = `${file} has no constant ${constant}; ${known}`;
      throw new EngineError('unknown-constant', message, { field: constant, value, limit });
    }
    const key = keyOf(found);
    if (Object.hasOwn(values, key)) {
      throw new EngineError('bad-input', `${found.name} was given by name and by id`, { field: found.name, value });
    }
    if (!Number.isFinite(value)) {
      throw new EngineError('bad-input', `${constant} is ${value}; a finite number is needed`, {
        field: constant,
        value,
      });
    }
    values[key] = value;
  }
  for (const override of overrides) {
    if (!override.isUsed || override.hasDefault || Object.hasOwn(values, keyOf(override))) continue;
    const { name } = override;
    throw new EngineError('bad-input', `override ${name} has no default: a value is needed`, { field: name });
  }
  return values;
}
