// A link that carries edited kernel code asks before that code runs, and shows what it changes.

import { useMemo } from 'react';
import { Dialog } from '../../parts/Dialog.tsx';
import { useConfig, useMechanism, usePage } from '../../state/page-context.ts';
import { changedParts, countsOf, diffLines, type ShownLine, shownText } from './line-diff.ts';

/** Lines of a file's changes that are laid out one by one. */
const MOST_SHOWN = 400;

/** Unchanged lines shown on either side of a change. */
const AROUND = 2;

export function EditedLinkDialog() {
  const { config } = usePage();
  const { mechanism } = useMechanism();
  const sources = useConfig(({ pendingSources }) => pendingSources);
  const decide = (accept: boolean) => config.getState().decideSources(accept);
  const shipped = new Map(
    mechanism?.variants.flatMap(({ kernels }) => kernels.map(({ file, wgsl }) => [file, wgsl] as const)),
  );
  return (
    <Dialog
      title="This link brings its own kernel code"
      open={sources !== null}
      onClose={() => sources && decide(false)}
    >
      <div className="stack">
        <p>
          It would run on your graphics device, with its loops bounded. Code from someone you do not know can still make
          the device slow for a while. Read what it changes, then choose.
        </p>
        {Object.entries(sources ?? {}).map(([file, source]) => (
          <ChangedFile key={file} file={file} shipped={shipped.get(file)} source={source} />
        ))}
        <div className="row">
          <button type="button" className="button primary" ref={focusFirst} onClick={() => decide(false)}>
            Use the kernel as shipped
          </button>
          <button type="button" className="button" onClick={() => decide(true)}>
            Run the edited kernel
          </button>
        </div>
      </div>
    </Dialog>
  );
}

/** The dialog focuses what has the attribute; React would focus it before the dialog is open. */
const focusFirst = (button: HTMLButtonElement | null) => button?.setAttribute('autofocus', '');

function ChangedFile({ file, shipped, source }: { file: string; shipped: string | undefined; source: string }) {
  const lines = useMemo(() => diffLines(shipped ?? '', source), [shipped, source]);
  const { added, removed } = countsOf(lines);
  const parts = shipped === undefined ? [] : changedParts(lines, AROUND);
  return (
    <div>
      <p>
        <strong>{file}</strong>{' '}
        <span className="quiet numeric">
          +{added} −{removed} lines
        </span>
      </p>
      {shipped !== undefined && <Changes lines={parts.slice(0, MOST_SHOWN)} />}
      {parts.length > MOST_SHOWN && (
        <p className="quiet">
          The first {MOST_SHOWN} lines of {parts.length} that change; all of them are in the whole text.
        </p>
      )}
      <details open={shipped === undefined}>
        <summary>The whole text, {source.split('\n').length} lines</summary>
        <pre className="source-preview">{source}</pre>
      </details>
    </div>
  );
}

function Changes({ lines }: { lines: ShownLine[] }) {
  return (
    <pre className="source-preview">
      {lines.map(({ at, line }) => {
        const kind = line?.kind ?? 'same';
        const mark = kind === 'same' ? '  ' : kind === 'added' ? '+ ' : '− ';
        const Tag = kind === 'same' ? 'span' : kind === 'added' ? 'ins' : 'del';
        return (
          <Tag key={at} className="diff-line">
            {line ? `${mark}${shownText(line.text)}\n` : '⋮\n'}
          </Tag>
        );
      })}
    </pre>
  );
}
