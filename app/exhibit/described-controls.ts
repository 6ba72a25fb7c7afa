// Controls of the set-up panel from the sizes, numbers and options of a described mechanism and the labels that its exhibit gives them.

import type { Config, Description, NumberDescription, SizeDescription } from '#gpu/mechanisms/mechanism.ts';
import type { Control } from './control.ts';

/** What the page adds to a size, a number or an option. */
export interface ControlSpec {
  label: string;
  /** Glossary entry. */
  term?: string;
  /** The choices of an option in words, where they are codes. */
  said?: Readonly<Record<string, string>>;
  /** Why the range of a size ends where it does. */
  reason?: string;
  /** Marked constants of the kernels whose values it sets. */
  constants?: readonly string[];
  /** Variants that it means something to; all of them where absent. */
  variants?: readonly string[];
  /** The upper end of a size, where the page draws to another one than the mechanism is described to. */
  most?: number;
  /** The choice of an option that stands while none is made, where that is not the first. */
  usual?: string | number | boolean;
  /** The choice that a tick stands for, of an option with two. */
  ticked?: string | boolean;
  /** Set where a larger value makes no longer recording. */
  lengthens?: false;
  /** In place of the choices, where this device or the other settings bear on them. */
  range?: Control['range'];
}

const DRAWN = 'the picture is drawn up to here';

/** A sentence and a file bring their own sizes. */
function appliesOf({ variants }: ControlSpec, ofInputs: boolean): Control['appliesTo'] {
  if (!variants && !ofInputs) return undefined;
  return (variant, input) => (variants?.includes(variant) ?? true) && (!ofInputs || input === 'random');
}

function sizeControl(id: string, spec: ControlSpec, { usual, least = 1, ofInputs, ...size }: SizeDescription): Control {
  const { most = size.most, label, term, constants, reason = DRAWN, lengthens = true } = spec;
  return {
    id,
    label,
    term,
    constants,
    lengthens,
    kind: 'number',
    range: spec.range ?? (() => ({ min: least, max: most, step: 1, reason })),
    read: (config) => (typeof config[id] === 'number' ? config[id] : usual),
    apply: (_config, value) => ({ [id]: Number(value) }),
    appliesTo: appliesOf(spec, ofInputs),
  };
}

function numberControl(id: string, spec: ControlSpec, { usual, least, most, step }: NumberDescription): Control {
  const { label, term } = spec;
  return {
    id,
    label,
    term,
    kind: 'number',
    range: spec.range ?? (() => ({ min: least, max: most, step })),
    read: (config) => (typeof config[id] === 'number' ? config[id] : usual),
    apply: (_config, value) => ({ [id]: Number(value) }),
    appliesTo: appliesOf(spec, false),
  };
}

function optionControl(id: string, spec: ControlSpec, choices: readonly (string | number | boolean)[]): Control {
  const { label, term, constants, said, ticked = choices.find((choice) => choice === true) } = spec;
  const shared = { id, label, term, constants, said, appliesTo: appliesOf(spec, false) };
  const usual = spec.usual ?? choices[0]!;
  if (ticked !== undefined) {
    const off = choices.find((choice) => choice !== ticked)!;
    return {
      ...shared,
      kind: 'toggle',
      range: () => ({ min: 0, max: 1, step: 1 }),
      read: (config) => (config[id] ?? usual) === ticked,
      apply: (_config, value) => ({ [id]: value === true ? ticked : off }),
    };
  }
  const named = choices.filter((choice) => typeof choice !== 'boolean');
  const numbers = named.filter((choice) => typeof choice === 'number');
  return {
    ...shared,
    kind: 'choice',
    range:
      spec.range ??
      (() => ({ min: Math.min(...numbers, 0), max: Math.max(...numbers, 0), step: 1, choices: [...named] })),
    read: (config: Config) => (config[id] as number | string | undefined) ?? (usual as number | string),
    apply: (_config, value) => ({ [id]: typeof usual === 'number' ? Number(value) : value }),
  };
}

/**
 * One control for each label, in their order.
 *
 * @throws Error where a label is of no size, no number and no option
 */
export function describedControls(
  { sizes, numbers = {}, options }: Pick<Description, 'sizes' | 'options'> & Partial<Description>,
  labels: Readonly<Record<string, ControlSpec>>,
): Control[] {
  return Object.entries(labels).map(([id, spec]) => {
    if (sizes[id]) return sizeControl(id, spec, sizes[id]);
    if (numbers[id]) return numberControl(id, spec, numbers[id]);
    if (options[id]) return optionControl(id, spec, options[id].choices);
    throw new Error(`the exhibit has a label for ${id}, which is neither a size, a number nor an option`);
  });
}
