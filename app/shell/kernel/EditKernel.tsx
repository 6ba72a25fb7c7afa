// The editor with what belongs to it: apply, reset, and which values of the text the settings replace. Loaded only when someone edits.

import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { withValuesOf } from '#gpu/wgsl/text/bake.ts';
import { useConfig, usePage, useSession, useShown } from '../../state/page-context.ts';
import { ProblemNotice } from '../stage/WorkLine.tsx';
import { type ConstantValue, kernelConstants, textAsRun, unusedValues, usedWords } from './constants-in-use.ts';
import { KernelEditor } from './KernelEditor.tsx';
import { lineDiff } from './line-diff.ts';

export interface EditKernelProps {
  file: string;
  /** As shipped. */
  original: string;
  /** Values of its marked constants in the run on screen, if that ran it. */
  used: Readonly<Record<string, ConstantValue>> | undefined;
  /** What was typed earlier and not applied. */
  draft: string | undefined;
  /** Keeps what is typed; null = nothing that is not applied. */
  onDraft(text: string | null): void;
}

export function EditKernel({ file, original, used, draft: kept, onDraft }: EditKernelProps) {
  const { config, controller } = usePage();
  const { view } = useShown();
  const { sources, variant, input } = useConfig(({ experiment }) => experiment);
  const run = useSession((state) => state.run);
  const tuned = useSession((state) => state.tuned);
  const held = useMemo(() => {
    const controlOf = (name: string) =>
      view?.controls.find(
        ({ constants, appliesTo }) => constants?.includes(name) && (appliesTo?.(variant, input) ?? true),
      )?.label;
    return kernelConstants(original, used, controlOf, tuned?.kernel === file ? Object.keys(tuned.used) : []);
  }, [original, used, view, variant, input, tuned, file]);
  const inUse = withValuesOf(sources[file] ?? original, original);
  // What is edited is what ran; what is kept, and goes into the link, has the shipped values.
  const asRun = useMemo(() => textAsRun(inUse, held), [inUse, held]);
  const draft = kept ?? asRun;
  const hint = useId();
  const [start, setStart] = useState({ text: draft, version: 0, focus: true });
  const write = (text: string) => onDraft(text === asRun ? null : text);
  // Undo, redo, a link or a setting changed the kernel in use: an editor that holds nothing of its own follows.
  const shown = useRef(draft);
  useEffect(() => {
    if (kept !== undefined || shown.current === asRun) return;
    shown.current = asRun;
    const focus = document.activeElement?.closest('.kernel-editor') != null;
    setStart(({ version }) => ({ text: asRun, version: version + 1, focus }));
  }, [kept, asRun]);
  const problem = run.kind === 'failed' ? run.problem : null;
  const clean = withValuesOf(draft, original);
  const unused = unusedValues(draft, held);
  const values = usedWords(held);

  const apply = () => {
    const rest = { ...sources };
    if (clean === original) delete rest[file];
    else rest[file] = clean;
    // A value that is not used stays as typed, with the sentence that says so.
    if (unused.length === 0) onDraft(null);
    if (clean === inUse) controller.rerun();
    else config.getState().change({ sources: rest });
  };
  const reset = () => {
    const { [file]: _dropped, ...rest } = sources;
    config.getState().change({ sources: rest });
    onDraft(null);
    shown.current = textAsRun(original, held);
    setStart(({ version }) => ({ text: shown.current, version: version + 1, focus: true }));
  };
  const { added, removed } = lineDiff(original, clean);
  return (
    <div className="edit-kernel">
      <KernelEditor
        key={start.version}
        file={file}
        text={start.text}
        hint={hint}
        focus={start.focus}
        onChange={(text) => {
          shown.current = text;
          write(text);
        }}
        onApply={apply}
        badLine={problem?.line}
      />
      {problem?.line !== undefined && <ProblemNotice problem={problem} brief />}
      <div className="edit-notes small">
        <div role="status" className="edit-unused">
          {unused.map((sentence) => (
            <div key={sentence}>{sentence}</div>
          ))}
        </div>
        {values !== '' && unused.length === 0 && (
          <div className="quiet">Set by settings and sizes, not here: {values}.</div>
        )}
      </div>
      <div className="row pad">
        <button type="button" className="button primary" onClick={apply} title="Ctrl Enter">
          {clean === inUse ? 'Run again' : 'Apply and run'}
        </button>
        <button
          type="button"
          className="button"
          onClick={reset}
          disabled={clean === original && inUse === original && unused.length === 0}
        >
          Reset
        </button>
        <span className="quiet numeric small">
          {added + removed === 0 ? 'as shipped' : `+${added} −${removed} lines`}
        </span>
        <span id={hint} className="quiet small editor-hint">
          Esc, then Tab leaves the editor.
        </span>
      </div>
    </div>
  );
}
