// The place where models are built and run: the stack on the left, its text in the middle, what it costs on the right.

import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { EngineError } from '#gpu/core/errors.ts';
import { resolveStack, type Stack, stackOf } from '#gpu/model/stack/config.ts';
import { stackPresets } from '#gpu/model/stack/presets.ts';
import { Icon } from '../parts/icons.tsx';
import { NEXT_THEME, useTheme } from '../parts/theme.ts';
import { encodeModelLink } from '../state/link/model-link.ts';
import type { BlockRecording, ModelRuns } from '../state/run/model-runs.ts';
import type { Build, ModelStore } from '../state/stores/model-store.ts';
import { LedgerPane } from './LedgerPane.tsx';
import { FROM_FILES, shownStack } from './preparation.ts';
import { StackEditor } from './StackEditor.tsx';
import { TextPane } from './TextPane.tsx';
import './models.css';

export interface ModelsPlaceProps {
  store: ModelStore;
  runs: ModelRuns;
  /** What of the link could not be used. */
  complaints: readonly string[];
  /** A model of somebody's own, from its files. @returns what it is called @throws EngineError */
  onBring(files: readonly File[]): Promise<string>;
  /** Opens an attention exhibit on these tensors. */
  onOpenExhibit(recording: BlockRecording): void;
}

/** The stack with every default, or what is wrong with it. */
interface ReadStack {
  stack: Stack | null;
  problem: { field: string | undefined; message: string } | null;
}

function readStack(build: Build): ReadStack {
  try {
    return { stack: stackOf(resolveStack(shownStack(build))), problem: null };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { stack: null, problem: { field: error.field, message: error.message } };
  }
}

export function ModelsPlace({ store, runs, complaints, onBring, onOpenExhibit }: ModelsPlaceProps) {
  const state = useStore(store);
  const { build, work, tokens, bytes, past, future } = state;
  const [theme, setTheme] = useTheme();
  const [picked, setPicked] = useState<string | null>(null);
  const [recording, setRecording] = useState<BlockRecording | null>(null);
  const [copied, setCopied] = useState(false);
  const [brought, setBrought] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const bring = async (files: readonly File[]) => {
    if (files.length === 0) return;
    try {
      setBrought(await onBring(files));
      setRefusal(null);
      setPicked(null);
    } catch (error) {
      setRefusal((error as Error).message);
    }
  };
  const bringFiles = useRef(bring);
  bringFiles.current = bring;
  const read = useMemo(() => readStack(build), [build]);
  // While something is wrong with it, the last one that could run stays in sight.
  const [stack, setStack] = useState(read.stack);
  useEffect(() => {
    if (read.stack) setStack(read.stack);
  }, [read]);
  const raw = useMemo(
    () => build.stack ?? stackPresets.find(({ id }) => id === build.preset)?.config ?? stackPresets[0]!.config,
    [build],
  );

  useEffect(() => {
    const write = () => history.replaceState(null, '', encodeModelLink(store.getState().build));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = store.subscribe((now, before) => {
      if (now.build === before.build) return;
      clearTimeout(timer);
      timer = setTimeout(write, 400);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [store]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      if (!(event.ctrlKey || event.metaKey) || typing) return;
      const key = event.key.toLowerCase();
      if (key !== 'z' && key !== 'y') return;
      event.preventDefault();
      if (key === 'y' || event.shiftKey) store.getState().redo();
      else store.getState().undo();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [store]);

  useEffect(() => {
    const hover = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void bringFiles.current(files);
    };
    window.addEventListener('dragover', hover);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', hover);
      window.removeEventListener('drop', drop);
    };
  }, []);

  const isBusy = work.kind === 'making' || work.kind === 'preparing';
  const isAttention = picked !== null && stack?.blocks.find(({ place }) => place === picked)?.kind.kind === 'attention';
  const record = async (place: string): Promise<BlockRecording | null> => {
    const made = await runs.record(place);
    if (made) setRecording(made);
    return made;
  };
  return (
    <main className="models-place" aria-label="Models">
      <header className="top-bar">
        <h1 className="wordmark">Tilescope</h1>
        <nav aria-label="Places" className="places">
          <button
            type="button"
            className="button bare"
            onClick={() => {
              location.hash = '';
            }}
          >
            Operations
          </button>
          <a className="button bare" href="#models" aria-current="page">
            Models
          </a>
        </nav>
        <select
          className="select"
          aria-label="Preset"
          value={build.preset}
          onChange={({ target }) => {
            setPicked(null);
            store.getState().change({ preset: target.value, stack: null });
          }}
        >
          {(build.preset === FROM_FILES || brought !== null) && (
            <option value={FROM_FILES}>{brought ?? 'From files'}</option>
          )}
          {stackPresets.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
              {build.stack && id === build.preset ? ' (changed)' : ''}
            </option>
          ))}
        </select>
        <label className="button">
          Open a model…
          <input
            type="file"
            className="visually-hidden"
            multiple
            accept=".json,.safetensors"
            onChange={({ target }) => {
              void bring([...(target.files ?? [])]);
              target.value = '';
            }}
          />
        </label>
        <span className="button-pair">
          <button
            type="button"
            className="button bare icon"
            aria-label="Undo"
            disabled={past.length === 0}
            onClick={() => store.getState().undo()}
          >
            <Icon name="undo" />
          </button>
          <button
            type="button"
            className="button bare icon"
            aria-label="Redo"
            disabled={future.length === 0}
            onClick={() => store.getState().redo()}
          >
            <Icon name="redo" />
          </button>
        </span>
        <span className="spring" />
        <button
          type="button"
          className="button"
          onClick={() => {
            const link = new URL(encodeModelLink(store.getState().build), location.href).href;
            history.replaceState(null, '', link);
            navigator.clipboard?.writeText(link).then(
              () => setCopied(true),
              () => setCopied(false),
            );
          }}
        >
          {copied ? 'Link copied' : 'Share'}
        </button>
        <button
          type="button"
          className="button bare icon"
          aria-label={`Theme: ${theme}`}
          onClick={() => setTheme(NEXT_THEME[theme])}
        >
          <Icon name="theme" />
        </button>
        {state.isSoftware && <span className="quiet">software adapter: times say nothing about GPUs</span>}
      </header>
      {complaints.length > 0 && (
        <div className="models-complaints" role="alert">
          {complaints.map((each) => (
            <p key={each}>{each}</p>
          ))}
        </div>
      )}
      {refusal !== null && (
        <div className="models-complaints" role="alert">
          <p>{refusal}</p>
        </div>
      )}
      <div className="models-panes">
        <StackEditor
          stack={raw}
          problem={read.problem}
          picked={picked}
          onPick={setPicked}
          onChange={(next, field) => store.getState().change({ stack: next }, field)}
        />
        <TextPane
          {...state}
          onChange={(patch, field) => store.getState().change(patch, field)}
          onMake={() => void runs.make()}
          onCancel={runs.cancel}
        />
        {stack && (
          <LedgerPane
            stack={stack}
            picked={picked}
            onPick={setPicked}
            bytes={bytes}
            tokens={tokens}
            recording={recording}
            isBusy={isBusy || read.problem !== null}
            onRecord={(place) => void record(place)}
            onOpenExhibit={
              isAttention
                ? () => {
                    void (async () => {
                      const made =
                        recording?.place === picked && recording.tokens === tokens.length
                          ? recording
                          : await record(picked);
                      if (made) onOpenExhibit(made);
                    })();
                  }
                : undefined
            }
          />
        )}
      </div>
    </main>
  );
}
