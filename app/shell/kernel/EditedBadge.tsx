// How far the kernels of this page are from the shipped ones, where some are edited.

import { withValuesOf } from '#gpu/wgsl/text/bake.ts';
import { useConfig, useMechanism } from '../../state/page-context.ts';
import { lineDiff } from './line-diff.ts';

export function EditedBadge() {
  const { mechanism } = useMechanism();
  const sources = useConfig(({ experiment }) => experiment.sources);
  const kernels = new Map(
    mechanism?.variants.flatMap((variant) => variant.kernels.map(({ file, wgsl }) => [file, wgsl])),
  );
  const total = Object.entries(sources).reduce(
    (sum, [file, text]) => {
      const shipped = kernels.get(file) ?? '';
      const { added, removed } = lineDiff(shipped, withValuesOf(text, shipped));
      return { added: sum.added + added, removed: sum.removed + removed };
    },
    { added: 0, removed: 0 },
  );
  if (total.added + total.removed === 0) return null;
  return (
    <span className="badge warn numeric" title="Lines added and removed against the shipped kernel">
      edited +{total.added} −{total.removed}
    </span>
  );
}
