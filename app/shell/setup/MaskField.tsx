// The block mask of the set-up panel: the painter, under its name.

import type { Config } from '#gpu/mechanisms/mechanism.ts';
import type { Control } from '../../exhibit/control.ts';
import { Term } from '../../glossary/Term.tsx';
import { MaskEditor } from '../../pictures/grid/MaskEditor.tsx';
import { usePage } from '../../state/page-context.ts';

/** More cannot be seen, let alone painted; a refused link can ask for more than an array holds. */
const MOST_CELLS = 2048 * 2048;

export interface MaskFieldProps {
  control: Control;
  config: Config;
  limits: Record<string, number>;
}

export function MaskField({ control, config, limits }: MaskFieldProps) {
  const page = usePage();
  const grid = control.mask?.(config);
  if (!grid || grid.rows * grid.columns > MOST_CELLS) return null;
  const cells = control.read(config);
  if (!Array.isArray(cells)) return null;
  return (
    <div className="stack">
      <span>
        <Term id={control.term}>{control.label}</Term>
      </span>
      <MaskEditor
        label={control.label}
        grid={grid}
        cells={cells}
        onChange={(value) => page.config.getState().changeConfig(control.apply(config, value, limits), control.id)}
      />
    </div>
  );
}
