// Files of what is on screen: the picture of the view (drawn anew as SVG from the same scene), its table, the recording itself, and a
// trace for Chrome's trace viewer.

import { useRef, useState } from 'react';
import { tickAlong } from '../../exhibit/picked-view.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { AnyView, ViewState } from '../../exhibit/view.ts';
import { svgToPng } from '../../pens/svg-to-png.ts';
import { inksAt } from '../../pens/theme-inks.ts';
import { usePage, useShown, useStudy } from '../../state/page-context.ts';
import { asRecorded } from '../../state/run/step-order.ts';
import { useWholeView } from '../stage/WholeView.tsx';
import { tablesToCsv } from './csv.ts';
import { currentLink, download } from './share.ts';

/** Width of an exported sheet and height of the pictures on it, CSS pixels; PNG has twice as many a side. */
const SIZE = { width: 1200, height: 640 };

interface ExportItemsProps {
  recording: Recording;
  view: AnyView | undefined;
  close(): void;
}

export function ExportItems({ recording, view: shown, close }: ExportItemsProps) {
  const view = useWholeView(shown);
  const page = usePage();
  const { cursor, session, config } = page;
  const { card, view: exhibit } = useShown();
  const study = useStudy(view?.study);
  const anchor = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const name = `tilescope-${recording.mechanism}-${recording.variant}`;

  /** What each picture on the stage shows: one, or two beside each other. */
  const states = (): ViewState[] => {
    const { tick, selection, length } = cursor.getState();
    const others = session.getState().others as Recording[];
    const {
      experiment: { compare },
      arrangement: { fill },
    } = config.getState();
    const beside = others.find(({ variant }) => variant === compare);
    const first = { recording, tick: Math.min(tick, recording.trace.steps.length), selection, others, study, fill };
    if (!beside) return [first];
    const around = { together: [recording, beside], following: selection === null };
    const second = {
      ...first,
      recording: beside,
      tick: tickAlong(tick, length, beside.trace.steps.length),
      selection: selection ?? exhibit?.follow?.(recording, tick) ?? null,
    };
    return [first, second].map((state) => ({ ...state, ...around }));
  };
  const svgText = async () => {
    if (!view || !anchor.current) throw new Error('This view has no picture to save.');
    const { pictureOf } = await import('./picture-file.ts');
    const link = await currentLink(page);
    return pictureOf(view, states(), { card, exhibit, link, size: SIZE, inkOf: inksAt(anchor.current) });
  };
  const files: { label: string; save: () => void | Promise<void> }[] = [];
  if (view?.svg) {
    files.push(
      {
        label: `${view.title}: picture (.svg)`,
        save: async () => download(`${name}-${view.id}.svg`, await svgText(), 'image/svg+xml'),
      },
      {
        label: `${view.title}: picture (.png)`,
        save: async () => download(`${name}-${view.id}.png`, await svgToPng(await svgText()), 'image/png'),
      },
    );
  }
  if (view) {
    files.push({
      label: `${view.title}: table (.csv)`,
      save: () =>
        download(
          `${name}-${view.id}.csv`,
          tablesToCsv(states().map((state) => [state.recording.variant, view.table(state)])),
          'text/csv',
        ),
    });
  }
  files.push(
    {
      label: 'Recording (.rec)',
      save: async () => {
        const { encodeRecordingFile } = await import('../../state/recordings/write-recording.ts');
        download(`${name}.rec`, encodeRecordingFile(asRecorded(recording)), 'application/octet-stream');
      },
    },
    {
      label: 'Trace for Perfetto or chrome://tracing (.json)',
      save: async () => {
        const { chromeTrace } = await import('#gpu/trace/export.ts');
        download(`${name}.trace.json`, JSON.stringify(chromeTrace(asRecorded(recording).trace)), 'application/json');
      },
    },
  );
  const run = async (save: () => void | Promise<void>) => {
    try {
      setProblem(null);
      await save();
      close();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="stack" ref={anchor}>
      {files.map(({ label, save }) => (
        <button key={label} type="button" className="button row" onClick={() => void run(save)}>
          {label}
        </button>
      ))}
      {problem && (
        <p className="notice bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
