// A link that carries edited kernel code asks before that code runs.

import { useConfig, usePage } from '../state/page.ts';
import { Dialog } from './Dialog.tsx';

export function EditedLinkDialog() {
  const { config } = usePage();
  const sources = useConfig(({ pendingSources }) => pendingSources);
  const decide = (accept: boolean) => config.getState().decideSources(accept);
  return (
    <Dialog
      title="This link brings its own kernel code"
      open={sources !== null}
      onClose={() => sources && decide(false)}
    >
      <div className="stack">
        <p>
          It would run on your graphics device, with its loops bounded. Code from someone you do not know can still make
          the device slow for a while. Read it, then choose.
        </p>
        {Object.entries(sources ?? {}).map(([file, source]) => (
          <details key={file}>
            <summary>
              {file}, {source.split('\n').length} lines
            </summary>
            <pre className="source-preview">{source}</pre>
          </details>
        ))}
        <div className="row">
          <button type="button" className="button primary" onClick={() => decide(true)}>
            Run the edited kernel
          </button>
          <button type="button" className="button" onClick={() => decide(false)}>
            Use the kernel as shipped
          </button>
        </div>
      </div>
    </Dialog>
  );
}
