// Where a picture's study stands: what is under way, with a way to stop it; what came of it is exact; a way to run it again.

import { ProvenanceMark } from '../parts/ProvenanceMark.tsx';
import { WorkStatus } from '../parts/WorkStatus.tsx';
import type { StudyWords } from './picture.ts';
import type { Recording } from './recording.ts';
import type { Study, StudyState } from './study.ts';
import { studyWork } from './study-work.ts';

const WORDS: StudyWords = { idle: 'Not run yet.', cancelled: 'Stopped.', start: 'Run now', again: 'Run again' };

export interface StudyBarProps {
  study: Study;
  state: StudyState;
  words?: StudyWords;
  run: Recording;
}

export function StudyBar({ study, state, words = WORDS, run }: StudyBarProps) {
  const { kind, rows, start } = state;
  // What it says of this very run it can find out only where that ran.
  const canRun = !study.of || run.device.origin === 'this-device';
  const mayStart = kind === 'done' || kind === 'cancelled' || (kind === 'idle' && study.of !== undefined);
  return (
    <div className="study-bar">
      {kind !== 'done' && (
        <WorkStatus state={studyWork(study, state, words)} hasResults={false} empty={words.idle}>
          {null}
        </WorkStatus>
      )}
      {canRun && mayStart && (
        <button type="button" className="button small" onClick={start}>
          {rows.length > 0 ? words.again : words.start}
        </button>
      )}
      <span className="spring" />
      {rows.length > 0 && <ProvenanceMark kind="exact" />}
    </div>
  );
}
