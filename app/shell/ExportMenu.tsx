// Files of what is on screen: the picture of the view (drawn anew as SVG from the same scene), its table, the recording itself, and a
// trace for Chrome's trace viewer.

import { useRef, useState } from 'react';
import { svgToPng } from '../marks/svg-to-png.ts';
import { inksAt } from '../marks/theme-inks.ts';
import type { AnyView, Recording, ViewState } from '../mechanisms/view.ts';
import { useGrowth, usePage, useSession } from '../state/page.ts';
import { tableToCsv } from './csv.ts';
import { Popover } from './Popover.tsx';
import { trialKey } from './picked-view.ts';
import { download } from './share.ts';
import { useWholeView } from './WholeView.tsx';

/** Size of an exported picture, CSS pixels; PNG has twice as many a side. */
const SIZE = { width: 1200, height: 800 };

export function ExportMenu({ view }: { view: AnyView | undefined }) {
  const recording = useSession((state) => state.recording);
  if (!recording) {
    return (
      <button type="button" className="button" disabled>
        Export
      </button>
    );
  }
  return <Popover label="Export">{(close) => <ExportItems recording={recording} view={view} close={close} />}</Popover>;
}

interface ExportItemsProps {
  recording: Recording;
  view: AnyView | undefined;
  close(): void;
}

function ExportItems({ recording, view: shown, close }: ExportItemsProps) {
  const view = useWholeView(shown);
  const { cursor, session } = usePage();
  const growth = useGrowth();
  const anchor = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const name = `tilescope-${recording.mechanism}-${recording.variant}`;

  const state = (): ViewState => {
    const { tick, selection } = cursor.getState();
    const { others, trials } = session.getState();
    const trial = trials[trialKey(recording, view)];
    return { recording, tick, selection, others: others as Recording[], growth, trial };
  };
  const svgText = async () => {
    if (!view?.svg || !anchor.current) throw new Error('This view has no picture to save.');
    return view.svg(state(), SIZE, inksAt(anchor.current));
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
      save: () => download(`${name}-${view.id}.csv`, tableToCsv(view.table(state())), 'text/csv'),
    });
  }
  files.push(
    {
      label: 'Recording (.rec)',
      save: async () => {
        const { encodeRecordingFile } = await import('../state/recording-file.ts');
        download(`${name}.rec`, encodeRecordingFile(recording), 'application/octet-stream');
      },
    },
    {
      label: 'Trace for Perfetto or chrome://tracing (.json)',
      save: async () => {
        const { chromeTrace } = await import('#gpu/trace/export.ts');
        download(`${name}.trace.json`, JSON.stringify(chromeTrace(recording.trace)), 'application/json');
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
