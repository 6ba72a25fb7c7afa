// The story line: what the run on screen did, in plain words from its own counts. Announced when the run changes.

import { useMemo } from 'react';
import type { Recording } from '../mechanisms/view.ts';
import { usePage, useSession, useShown } from '../state/page.ts';

export function Story() {
  const { view } = useShown();
  const recording = useSession((state) => state.recording);
  const others = useSession((state) => state.others);
  const stale = useSession((state) => state.stale);
  const story = useMemo(
    () => (view && recording ? view.story(recording, others as Recording[]) : ''),
    [view, recording, others],
  );
  return (
    <div className={stale ? 'story stale' : 'story'}>
      <p className="story-line" aria-live="polite">
        {story || 'Waiting for the first run …'}
      </p>
      {recording && <Origin recording={recording} />}
    </div>
  );
}

/** Where the recording comes from: this device now, shipped with the page, or a file. */
function Origin({ recording }: { recording: Recording }) {
  const { controller } = usePage();
  const { origin, label, isSoftware } = recording.device;
  if (origin === 'shipped') {
    return (
      <p className="origin">
        <span className="badge">shipped recording</span> made on {label}
        {isSoftware ? '' : ', not on this device'}
      </p>
    );
  }
  if (origin === 'file') {
    return (
      <p className="origin">
        <span className="badge">from a file</span> {recording.variant}, recorded on {label}
        <button type="button" className="button small" onClick={() => controller.rerun()}>
          Back to the page’s own run
        </button>
      </p>
    );
  }
  return (
    <p className="origin">
      <span className="badge live">live</span> recorded on {label}
      {recording.edited.length > 0 && <span className="badge warn">edited: {recording.edited.join(', ')}</span>}
      {recording.trace.truncated && <span className="badge warn">steps truncated; totals are whole</span>}
      {!recording.trace.matchesPlain && (
        <span className="badge warn">
          recorded output differs from the plain run by{' '}
          {recording.trace.largestDifference?.toExponential(1) ?? 'some bits'}
        </span>
      )}
    </p>
  );
}
