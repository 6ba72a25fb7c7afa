// The kernel pane: the source that runs, lit by the recording; or the editor, whose text replaces the kernel when applied.

import { useState } from 'react';
import { SOURCE_VIEW } from '../../exhibit/picked-view.ts';
import { LaterPart, later } from '../../parts/LaterPart.tsx';
import { useConfig, useMechanism, useSession, useShown } from '../../state/page-context.ts';
import { ViewPicture } from '../stage/ViewPicture.tsx';

const EDITOR = later('The editor', async () => (await import('./EditKernel.tsx')).EditKernel);
const EDITED_BADGE = later('What was edited', async () => (await import('./EditedBadge.tsx')).EditedBadge);

export function KernelPane() {
  const { card, mechanism } = useMechanism();
  const { view } = useShown();
  const { variant: variantId, sources } = useConfig(({ experiment }) => experiment);
  const recording = useSession((state) => state.recording);
  const stale = useSession((state) => state.stale);
  const [editing, setEditing] = useState<string | null>(null);
  // What was typed and not applied, by file: closing the editor or looking at another variant loses none of it.
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({});
  const variant = mechanism?.variants.find(({ id }) => id === variantId);
  const source = view?.views.find(({ id }) => id === SOURCE_VIEW);
  // Of a variant's kernels, some run only with some settings.
  const isOfRun = recording?.mechanism === card?.id && recording?.variant === variantId;
  const files = (variant?.kernels ?? []).flatMap(({ file }) => {
    const runs = !isOfRun || file in sources || recording?.kernels.some((kernel) => kernel.file === file);
    return runs ? [file] : [];
  });
  const shown = editing !== null && files.includes(editing) ? editing : null;
  return (
    <section className="pane kernel" aria-label="Kernel">
      <div className="pane-head">
        <h2>Kernel</h2>
        {Object.keys(sources).length > 0 && <LaterPart of={EDITED_BADGE}>{(EditedBadge) => <EditedBadge />}</LaterPart>}
        <span className="spring" />
        {shown === null ? (
          <EditChoice files={files} onEdit={setEditing} />
        ) : (
          <button type="button" className="button bare small" onClick={() => setEditing(null)}>
            Close editor
          </button>
        )}
      </div>
      {shown !== null ? (
        <LaterPart key={shown} of={EDITOR} waiting={<p className="quiet pad">Loading the editor …</p>}>
          {(EditKernel) => (
            <EditKernel
              file={shown}
              original={variant?.kernels.find(({ file }) => file === shown)?.wgsl ?? ''}
              used={isOfRun ? recording?.plan.passes.find(({ kernel }) => kernel === shown)?.constants : undefined}
              draft={drafts[shown]}
              onDraft={(text) =>
                setDrafts(({ [shown]: _before, ...rest }) => (text === null ? rest : { ...rest, [shown]: text }))
              }
            />
          )}
        </LaterPart>
      ) : (
        <div className={stale ? 'pane-fill stale' : 'pane-fill'}>
          {recording && source ? (
            <ViewPicture view={source} recording={recording} />
          ) : (
            <p className="quiet pad">The kernel shows here once it has run.</p>
          )}
        </div>
      )}
    </section>
  );
}

/** A button where there is one kernel, a list where there are several. */
function EditChoice({ files, onEdit }: { files: readonly string[]; onEdit(file: string): void }) {
  if (files.length === 1) {
    return (
      <button type="button" className="button bare small" onClick={() => onEdit(files[0]!)}>
        Edit
      </button>
    );
  }
  return (
    <select
      className="select bare"
      aria-label="Edit a kernel"
      value=""
      onChange={(event) => onEdit(event.target.value)}
    >
      <option value="">Edit …</option>
      {files.map((file) => (
        <option key={file}>{file}</option>
      ))}
    </select>
  );
}
