// Tensors or a recording from a file, dropped or chosen.

import { type ReactNode, useId, useMemo, useState } from 'react';
import type { Reads } from '../../exhibit/reads.ts';
import { useConfig, useMechanism, usePage, useSession } from '../../state/page-context.ts';
import { axesInFile, neededTensors, type Wanted, wantedBy } from '../../state/run/wanted-inputs.ts';
import { orTell } from '../../state/stores/notices.ts';
import { listed } from '../../words/lists.ts';

type FileReads = Reads['file'];

/** '.safetensors, .npz or .npy file with q, k and v, each [batch, tokens, heads, headDim]'. */
export function fileWords(wanted: readonly Wanted[], reads: FileReads): string {
  const kinds = wanted.length === 1 || reads?.stacked ? '.safetensors, .npz or .npy' : '.safetensors or .npz';
  const axes = wanted.map((each) => axesInFile(each, reads)?.join(', '));
  const isOne = axes.every((each) => each === axes[0]);
  const names = wanted.map(({ name }, i) => (isOne || axes[i] === undefined ? name : `${name} [${axes[i]}]`));
  const shared = isOne && axes[0] !== undefined ? `${wanted.length > 1 ? ', each' : ''} [${axes[0]}]` : '';
  return `${kinds} file with ${listed(names)}${shared}`;
}

/** How a tensor of the file was read: 'q [1 batch, 20 tokens, 2 heads, 16 headDim]'. */
export function readAs(name: string, shape: readonly number[], wanted: Wanted | undefined, reads: FileReads): string {
  const axes = axesInFile(wanted ?? { name }, reads, shape.length);
  return `${name} [${shape.map((extent, i) => (axes ? `${extent} ${axes[i]}` : extent)).join(', ')}]`;
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
  const reads = view?.reads?.file;
  const tensors = useMemo(
    () => (mechanism ? fileWords(neededTensors(mechanism), reads) : 'file of tensors'),
    [mechanism, reads],
  );
  const known = mechanism ? wantedBy(mechanism) : [];
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
            .map(([name, { shape }]) =>
              readAs(
                name,
                shape,
                known.find((each) => each.name === name),
                reads,
              ),
            )
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
