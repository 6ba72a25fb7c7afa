// Whether a recording of a file can be shown: its config is one of its mechanism and of the sizes that ran, and every view of the exhibit can
// make its picture, words and table of it, at the beginning, in the middle and at the end.

import { parseConfig } from '#gpu/core/config.ts';
import { EngineError } from '#gpu/core/errors.ts';
import { finish } from '#gpu/core/sliced.ts';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import { badRecording } from '#gpu/trace/header-values.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { MechanismView } from '../../exhibit/view.ts';
import { loadWholeView } from '../../exhibit/whole-view.ts';

const SIZE = { width: 480, height: 320 };
const noInk = () => '#000';

/** @throws EngineError bad-file naming the key, or the tensor of another size */
export function checkConfig(recording: Recording, mechanism: Mechanism): void {
  const { variant, config, plan, inputs } = recording;
  const own = planned(() => {
    parseConfig(mechanism.config, config);
    return mechanism.plan(variant, mechanism.resolve(config, sizing(mechanism, inputs)), NO_LIMITS);
  });
  if (own === null) return;
  for (const { name, role, shape } of own.buffers) {
    const recorded = plan.buffers.find((buffer) => buffer.name === name && buffer.role === role);
    if (!recorded || (role !== 'input' && role !== 'output') || recorded.shape.join() === shape.join()) continue;
    throw badRecording('config', `is of other sizes than what ran: ${name}`, shape, recorded.shape);
  }
}

/** Tensors that decide sizes are those that ran. */
const sizing = ({ sizeInputs = [] }: Mechanism, inputs: Recording['inputs']) => {
  const given = Object.entries(inputs).filter(([name]) => sizeInputs.includes(name));
  return given.length === sizeInputs.length && given.length > 0 ? inputs : undefined;
};

/** Of a device that takes everything: the recording says which one ran it. */
const NO_LIMITS = new Proxy<Record<string, number>>({}, { get: () => 2 ** 31 });

/** @returns null where the plan depends on the device that ran */
function planned<T>(plan: () => T): T | null {
  try {
    return plan();
  } catch (error) {
    if (!(error instanceof EngineError)) throw badRecording('config', 'is not one that can run');
    if (error.code === 'limit-exceeded' || error.code === 'unsupported') return null;
    const { message, field, value, limit } = error;
    throw badRecording(`config.${field ?? ''}`, `is not one that can run: ${message}`, value, limit);
  }
}

/** @throws EngineError bad-file naming the view */
export async function requireDrawable(recording: Recording, exhibit: MechanismView): Promise<void> {
  const views = await Promise.all(exhibit.views.map(loadWholeView));
  const end = recording.trace.steps.length;
  const attempt = async (what: string, make: () => unknown) => {
    try {
      await make();
    } catch {
      throw badRecording(what, 'cannot be drawn from it: what it records does not fit together');
    }
  };
  await attempt('its story', () => {
    if (exhibit.prepare) finish(exhibit.prepare(recording));
    exhibit.story(recording, []);
    exhibit.remark?.(recording, []);
  });
  for (const { title, summary, table, legend, svg } of views) {
    for (const tick of new Set([0, end >> 1, end])) {
      const state = { recording, tick, selection: exhibit.follow?.(recording, tick) ?? null, others: [] };
      await attempt(`the view ${title}`, async () => {
        summary(state);
        table(state);
        legend?.(state);
        await svg?.(state, SIZE, noInk);
      });
    }
  }
}
