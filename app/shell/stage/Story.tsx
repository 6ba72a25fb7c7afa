// The story line: what the run on screen did, in plain words from its own counts. Announced when the run changes.

import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import type { Recording } from '../../exhibit/recording.ts';
import { cutParts } from '../../exhibit/what-was-cut.ts';
import { failedParity } from '../../numbers/parity-words.ts';
import { LaterPart, later } from '../../parts/LaterPart.tsx';
import { usePage, useSession, useShown } from '../../state/page-context.ts';
import { WorkLine } from './WorkLine.tsx';

/** Without the cards the story is still to be read, so a chunk that cannot be had is no failure. */
const MarkedText = lazy(() =>
  import('../../glossary/MarkedText.tsx').then(
    (module) => ({ default: module.MarkedText }),
    () => ({ default: ({ text }: { text: string }): ReactNode => text }),
  ),
);

const REMEDY = later('What would move less', async () => (await import('./RemedyLine.tsx')).RemedyLine);

const AMISS = later('What went past an end', async () => (await import('./AmissLine.tsx')).AmissLine);

export function Story() {
  const { view } = useShown();
  const recording = useSession((state) => state.recording);
  const others = useSession((state) => state.others);
  const stale = useSession((state) => state.stale);
  const story = useMemo(
    () => (view && recording ? view.story(recording, others as Recording[]) : ''),
    [view, recording, others],
  );
  const isAstray = recording?.trace.outOfBounds?.[0];
  // What was moved is so; what that means rests on accesses that found what they meant.
  const told = isAstray ? story.replace(/\. .*/s, '.') : story;
  return (
    <div className={stale ? 'story stale' : 'story'}>
      <p className="story-line" aria-live="polite">
        {story ? (
          <Suspense fallback={told}>
            <MarkedText text={told} />
          </Suspense>
        ) : (
          'Waiting for the first run …'
        )}
        {recording && (isAstray || recording.edited[0]) && (
          <LaterPart of={AMISS}>{(AmissLine) => <AmissLine recording={recording as Recording} />}</LaterPart>
        )}
      </p>
      <div className="story-foot">
        {recording && <Origin recording={recording} />}
        {recording && others.length > 0 && !stale && view?.remedy && (
          <LaterPart of={REMEDY}>{(RemedyLine) => <RemedyLine recording={recording as Recording} />}</LaterPart>
        )}
        <RunProgress />
      </div>
    </div>
  );
}

/** The run under way, or what it waits for. Beside the story, so that nothing moves when it comes and goes. */
function RunProgress() {
  const { controller } = usePage();
  const run = useSession((state) => state.run);
  const encoder = useSession((state) => state.encoder);
  if (run.kind !== 'running') return null;
  return <WorkLine work={encoder.kind === 'running' ? encoder : run} onCancel={() => controller.cancel('run')} />;
}

/** Where the recording comes from: this device now, shipped with the page, or a file. */
function Origin({ recording }: { recording: Recording }) {
  const { controller } = usePage();
  const { origin, label, isSoftware, file } = recording.device;
  if (origin === 'shipped') {
    return (
      <p className="origin">
        <span className="badge">shipped recording</span> made on {label}
        {isSoftware ? '' : ', not on this device'}
        <WrongOutput />
      </p>
    );
  }
  if (origin === 'file') {
    return (
      <p className="origin">
        <span className="badge">from a file</span> {file && `${file}: `}
        {recording.variant}, recorded on {label}
        <WrongOutput />
        <button type="button" className="button small" onClick={() => controller.rerun()}>
          Back to the page’s own run
        </button>
      </p>
    );
  }
  return (
    <p className="origin">
      <span className="badge live">live</span> recorded on {label}
      <WrongOutput />
      {recording.edited.length > 0 && <span className="badge warn">edited: {recording.edited.join(', ')}</span>}
      {recording.trace.truncated && (
        <span className="badge warn">{cutParts(recording.trace)} truncated; totals are whole</span>
      )}
      {!recording.trace.matchesPlain && (
        <span className="badge warn">
          recorded output differs from the plain run by{' '}
          {recording.trace.largestDifference?.toExponential(1) ?? 'some bits'}
        </span>
      )}
    </p>
  );
}

/** Said where everyone looks first: that the picture is of a run whose output is wrong. */
function WrongOutput() {
  const failed = failedParity(useSession((state) => state.parityOutputs));
  return (
    failed && (
      <span className="badge bad">
        wrong output: {failed.words}, {failed.allowed}
      </span>
    )
  );
}
