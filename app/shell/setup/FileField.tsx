// Tensors or a recording from a file, dropped or chosen.

import { type ReactNode, useId, useMemo, useState } from 'react';
import { useConfig, useMechanism, usePage, useSession } from '../../state/page-context.ts';
import { neededInputs } from '../../state/run/wanted-inputs.ts';
import { orTell } from '../../state/stores/notices.ts';
import { listed } from '../../words/lists.ts';

/** '.safetensors, .npz or .npy file with q, k and v'. */
function fileWords(names: readonly string[], isStacked: boolean): string {
  const kinds = names.length === 1 || isStacked ? '.safetensors, .npz or .npy' : '.safetensors or .npz';
  return `${kinds} file with ${listed(names)}`;
}

export function FileField(): ReactNode {
  const page = usePage();
  const dropped = useSession((state) => state.file);
  // A recording from a file plays in place of a run on the tensors dropped before: they come back with the page's own run.
  const played = useSession(({ recording }) => recording?.device.file);
  const chosen = useConfig(({ experiment }) => experiment.mechanism);
  const file = played === undefined && dropped?.mechanism === chosen ? dropped : null;
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const { mechanism, view } = useMechanism();
  const tensors = useMemo(
    () =>
      mechanism ? fileWords(neededInputs(mechanism), view?.reads?.file?.stacked !== undefined) : 'file of tensors',
    [mechanism, view],
  );
  const take = async (given: File | undefined) => {
    if (given) setProblem(await (await import('../../state/open-file.ts')).openFile(page, given));
  };
  return (
    <div className="stack">
      <label htmlFor={id} className="drop-target">
        {played ?? file?.name ?? `Drop or choose a ${tensors}, or an exported .rec recording`}
      </label>
      <input
        id={id}
        className="visually-hidden"
        type="file"
        accept=".safetensors,.npy,.npz,.rec"
        onChange={(event) => orTell(page.session, take(event.target.files?.[0]))}
      />
      {file && (
        <p className="small quiet">
          {Object.entries(file.tensors)
            .map(([name, { shape }]) => `${name} [${shape.join(', ')}]`)
            .join(' · ')}
        </p>
      )}
      {problem && (
        <p className="notice bad" role="alert">
          <span>{problem}</span>
        </p>
      )}
    </div>
  );
}
