// What the kernels run on: a sentence through a real pretrained encoder, seeded random numbers, or tensors from a dropped file.

import { useEffect, useId, useState } from 'react';
import { Term } from '../../glossary/Term.tsx';
import { LaterPart, later } from '../../parts/LaterPart.tsx';
import { useConfig, useMechanism, usePage, useSession } from '../../state/page-context.ts';
import { inputKindOf } from '../../state/run/sentence-input.ts';
import { type InputKind, MAX_SEED, MAX_TEXT_LENGTH } from '../../state/stores/experiment.ts';
import { WorkLine } from '../stage/WorkLine.tsx';
import { type SaidNote, stillSaid, takeTyped } from './typed-number.ts';

const KINDS: readonly { id: InputKind; title: string }[] = [
  { id: 'sentence', title: 'Sentence' },
  { id: 'random', title: 'Random' },
  { id: 'file', title: 'File' },
];

/** Quiet time after the last key before the sentence runs. */
const TYPING_PAUSE_MS = 450;

const FILE_FIELD = later('The choice of a file', async () => (await import('./FileField.tsx')).FileField);

export function InputPicker() {
  const { config } = usePage();
  const { card, view } = useMechanism();
  const kind = inputKindOf(
    useConfig(({ experiment }) => experiment),
    view,
  );
  const name = useId();
  const reads = (id: InputKind) => id !== 'sentence' || !view || view.reads?.sentence !== undefined;
  return (
    <fieldset className="group">
      <legend>Input</legend>
      <div className="segmented">
        {KINDS.map(({ id, title }) => (
          <label key={id} className="segment">
            <input
              type="radio"
              name={name}
              value={id}
              checked={kind === id}
              disabled={!reads(id)}
              onChange={() => config.getState().change({ input: id })}
            />
            <span>{title}</span>
          </label>
        ))}
      </div>
      {!reads('sentence') && <p className="small quiet">{card?.title} reads no sentences.</p>}
      {kind === 'sentence' && <SentenceBox />}
      {kind === 'random' && <SeedField />}
      {kind === 'file' && <LaterPart of={FILE_FIELD}>{(FileField) => <FileField />}</LaterPart>}
    </fieldset>
  );
}

function SentenceBox() {
  const { config, controller } = usePage();
  const text = useConfig(({ experiment }) => experiment.text);
  const hint = useMechanism().view?.reads?.sentence?.hint;
  const encoder = useSession((state) => state.encoder);
  // The stage says what its run waits for.
  const isAwaited = useSession(({ run }) => run.kind === 'running') && encoder.kind === 'running';
  const [draft, setDraft] = useState(text);
  useEffect(() => setDraft(text), [text]);
  useEffect(() => {
    if (draft === text) return;
    const timer = setTimeout(() => config.getState().change({ text: draft }, 'text'), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft, text, config]);
  return (
    <>
      <textarea
        className="field sentence"
        aria-label="Sentence"
        rows={3}
        maxLength={MAX_TEXT_LENGTH}
        value={draft}
        spellCheck={false}
        onChange={(event) => setDraft(event.target.value)}
      />
      {hint && <p className="small quiet">{hint}</p>}
      {!isAwaited && <WorkLine work={encoder} onRetry={controller.rerun} />}
    </>
  );
}

const SEEDS = { min: 0, max: MAX_SEED, step: 1 };

function SeedField() {
  const { config } = usePage();
  const experiment = useConfig((state) => state.experiment);
  const { seed } = experiment;
  const [draft, setDraft] = useState(String(seed));
  useEffect(() => setDraft(String(seed)), [seed]);
  const [note, setNote] = useState<SaidNote | null>(null);
  const id = useId();
  const set = (value: number) => config.getState().change({ seed: value }, 'seed');
  const type = (text: string) => {
    setDraft(text);
    setNote(null);
    const typed = takeTyped(text, seed, SEEDS, Number);
    // A seed runs as soon as it is one; what is none yet waits until the field is left.
    if (typed.note === null && typed.set !== undefined) set(typed.set);
  };
  const leave = () => {
    // Leaving a field that nobody typed into leaves its note, too.
    if (draft === String(seed)) return;
    const taken = takeTyped(draft, seed, SEEDS, Number);
    setDraft(String(taken.shown));
    if (taken.set !== undefined) set(taken.set);
    setNote(taken.note === null ? null : { words: taken.note, about: config.getState().experiment });
  };
  const said = stillSaid(note, experiment);
  return (
    <div className="control">
      <span className="control-name">
        <Term id="seed">Seed</Term>
        <label htmlFor={id} className="visually-hidden">
          Seed
        </label>
      </span>
      <input
        id={id}
        className="field numeric"
        type="number"
        min={0}
        max={MAX_SEED}
        step={1}
        value={draft}
        aria-describedby={said ? `${id}-note` : undefined}
        onChange={(event) => type(event.target.value)}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.key === 'Enter') leave();
        }}
      />
      <button type="button" className="button" onClick={() => set((seed + 1) % (MAX_SEED + 1))}>
        Next
      </button>
      {said && (
        <span id={`${id}-note`} className="control-end" role="status">
          {said}
        </span>
      )}
    </div>
  );
}
