// What stands between the story and the picture when something needs saying: progress, failures, complaints about the link, no WebGPU.

import { LaterPart, later } from '../../parts/LaterPart.tsx';
import { useConfig, useMechanism, usePage, useSession } from '../../state/page-context.ts';
import { complaintWords } from '../../state/stores/complaint.ts';
import { dismissComplaints } from '../../state/stores/notices.ts';
import { inPanelWords, resetOf, settingName } from '../../state/stores/problems.ts';
import type { Problem } from '../../state/stores/session-store.ts';
import { hasLeftSentence } from '../open-preset.ts';
import { ProblemNotice } from './WorkLine.tsx';

const PLAYABLE = later('The list of recordings', async () => (await import('./PlayableHere.tsx')).PlayableHere);

export function StageStatus() {
  const { session, controller } = usePage();
  const { card, view } = useMechanism();
  const controls = view?.controls;
  const hasLeft = useConfig((state) => hasLeftSentence(card, state)) && view?.reads?.sentence !== undefined;
  const engine = useSession((state) => state.engine);
  const run = useSession((state) => state.run);
  const complaints = useSession((state) => state.complaints);
  const note = useSession((state) => state.inputNote);
  const stale = useSession((state) => state.stale);
  const notices = useSession((state) => state.notices);
  const warnings = useSession((state) => state.recording?.warnings);
  // What the note says of numbers that are not finite, with their counts, the engine need not say again.
  const isSaid = note?.includes('not finite') ?? false;
  const shownWarnings = warnings?.filter((warning) => !isSaid || !warning.includes('not finite'));
  return (
    <div className="stage-status">
      {engine.kind === 'failed' && (
        <>
          <ProblemNotice problem={engine.problem} onRetry={() => void controller.start()} />
          <div className="notice">
            <p>Until then what is shipped with the page plays: the first page and every preset.</p>
            <LaterPart of={PLAYABLE}>{(PlayableHere) => <PlayableHere />}</LaterPart>
          </div>
        </>
      )}
      {run.kind === 'failed' && (
        <ProblemNotice
          problem={inPanelWords(run.problem, controls)}
          onRetry={() => controller.rerun()}
          more={<ResetButton problem={run.problem} />}
        />
      )}
      {run.kind === 'cancelled' && (
        <div className="notice" role="status">
          <p>{stale ? 'Cancelled. What stands here is the run before, not of these settings.' : 'Cancelled.'}</p>
          <button type="button" className="button" onClick={() => controller.rerun()}>
            Run
          </button>
        </div>
      )}
      {complaints.length > 0 && (
        <div className="notice warn" role="alert">
          <div>
            <p>Some of the link could not be used:</p>
            <ul>
              {complaints.map((complaint) => (
                <li key={`${complaint.field} ${complaint.value} ${complaint.limit}`}>
                  <strong>{settingName(complaint.field, controls)}</strong> “{complaint.value}”:{' '}
                  {complaintWords(complaint)}
                </li>
              ))}
            </ul>
          </div>
          <button type="button" className="button" onClick={() => dismissComplaints(session)}>
            Dismiss
          </button>
        </div>
      )}
      {note && (
        <p className="notice" role="status">
          <span>{note}</span>
        </p>
      )}
      {hasLeft && (
        <p className="notice" role="status">
          <span>This preset runs on random numbers in place of your sentence; Undo brings it back.</span>
        </p>
      )}
      {notices.map((notice) => (
        <p key={notice} className="notice" role="status">
          <span>{notice}</span>
        </p>
      ))}
      {shownWarnings?.map((warning) => (
        <p key={warning} className="notice warn" role="status">
          <span>{warning}</span>
        </p>
      ))}
    </div>
  );
}

/** A way out where undo has none: a link's own settings came with the page. */
function ResetButton({ problem }: { problem: Problem }) {
  const { config } = usePage();
  const reset = useConfig(({ experiment }) => resetOf(problem, experiment));
  const label = useMechanism().view?.controls.find(({ id }) => id === problem.field)?.label ?? problem.field;
  if (reset === null) return null;
  const { change, changeConfig } = config.getState();
  return (
    <button
      type="button"
      className="button"
      onClick={() => (reset === 'settings' ? change({ config: {} }) : changeConfig({ [problem.field!]: undefined }))}
    >
      {reset === 'settings' ? 'Reset all settings' : `Reset ${label}`}
    </button>
  );
}
