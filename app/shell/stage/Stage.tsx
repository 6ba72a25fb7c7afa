// The stage: the story of the run in one line, the view on top with its tabs, a second view below, the compared variant beside.

import { useEffect, useMemo, useRef, useState } from 'react';
import { mainView, secondView, stageViews } from '../../exhibit/picked-view.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { AnyView, MechanismView } from '../../exhibit/view.ts';
import { Icon } from '../../parts/icons.tsx';
import { LaterPart, later } from '../../parts/LaterPart.tsx';
import { Popover } from '../../parts/Popover.tsx';
import { Tabs } from '../../parts/Tabs.tsx';
import { useMedia } from '../../parts/theme.ts';
import { SideBySide, SizeGroup } from '../../pens/side-by-side.ts';
import { dropUnknownViews } from '../../state/link/unknown-parts.ts';
import { useConfig, useMechanism, usePage, useSession, useShown } from '../../state/page-context.ts';
import { variantLabel } from '../../state/run/runs-beside.ts';
import { ActionButton } from '../ActionButton.tsx';
import { useFirstVisit } from './first-visit.ts';
import { Splitter } from './Splitter.tsx';
import { StageStatus } from './StageStatus.tsx';
import { Story } from './Story.tsx';
import { useHeldSelection } from './use-held-selection.ts';
import { ViewPicture, ViewSummary } from './ViewPicture.tsx';
import { useWholeView } from './WholeView.tsx';

const FIRST_VISIT = later('The introduction', async () => (await import('./FirstVisit.tsx')).FirstVisit);
const INSTEAD = later('What can be shown instead', async () => (await import('./OfferButtons.tsx')).OfferButtons);

const PANEL_ID = 'stage-view';
/** Per cent of the stage that the second view opens with. */
const SECOND_VIEW = 40;

export function Stage({ compact = false }: { compact?: boolean }) {
  const { view } = useShown();
  const { view: chosen } = useMechanism();
  const recording = useSession((state) => state.recording);
  const arrangement = useConfig((state) => state.arrangement);
  const main = mainView(view, arrangement.view);
  // In presentation, and in a low window, one picture has all the room; the others are a tab away.
  const low = useMedia('(max-height: 639px)');
  // Two pictures side by side are lower than one: where the window is not high they have all of it.
  const compares = useConfig(({ experiment }) => experiment.compare !== null);
  const high = useMedia('(min-height: 1000px)');
  const alone = compact || low || arrangement.present || (compares && !high && arrangement.below === '');
  const second = alone ? undefined : secondView(view, arrangement.below, main);
  useUnknownViewNotice(chosen);
  useHeldSelection(view, recording);
  return (
    <main className="pane stage" aria-label="Stage">
      <Story />
      <StageStatus />
      {recording && main ? (
        <div className="stage-views">
          <MainView
            main={main}
            view={view}
            recording={recording}
            closed={second && arrangement.panes.below === 0 ? second : undefined}
          />
          {second && arrangement.panes.below > 0 && (
            <>
              <Splitter pane="below" label="Size of the second view" side="bottom" normal={SECOND_VIEW} max={70} />
              <SecondView second={second} view={view} recording={recording} size={arrangement.panes.below} />
            </>
          )}
          {second && arrangement.panes.below === 0 && (
            <Splitter
              pane="below"
              label="Size of the second view, closed"
              side="bottom"
              normal={SECOND_VIEW}
              max={70}
            />
          )}
        </div>
      ) : (
        <EmptyStage />
      )}
    </main>
  );
}

interface MainViewProps {
  main: AnyView;
  view: MechanismView | undefined;
  recording: Recording;
  /** The second view where it has room but is closed. */
  closed: AnyView | undefined;
}

function MainView({ main, view, recording, closed }: MainViewProps) {
  const { config } = usePage();
  const { table, present } = useConfig((state) => state.arrangement);
  const { isFirst, onSeen } = useFirstVisit();
  // The introduction is about the first picture, and stands with that alone.
  const isIntroduced = isFirst && !present && main.id === stageViews(view)[0]?.id;
  const compare = useConfig(({ experiment }) => experiment.compare);
  const beside = useSession(({ others }) => others.find(({ variant }) => variant === compare));
  const stale = useSession((state) => state.stale);
  const followed = view?.follow && ((tick: number) => view.follow?.(recording, tick) ?? null);
  const [sizes] = useState(() => new SizeGroup());
  const together = useMemo(() => (beside ? [recording, beside] : undefined), [recording, beside]);
  return (
    <section className="view main-view" aria-label={main.title}>
      <div className="view-head">
        <Tabs
          label="Views"
          tabs={stageViews(view)}
          selected={main.id}
          onSelect={(id) => config.getState().arrange({ view: id })}
          controls={PANEL_ID}
        />
        <span className="spring" />
        {closed && (
          <button
            type="button"
            className="button bare"
            title="Open the second view"
            onClick={() => config.getState().resize({ below: SECOND_VIEW })}
          >
            + {closed.title}
          </button>
        )}
        <ActionButton id="table" icon="table" pressed={table} />
        <Popover className="button bare icon" name="What am I looking at?" label={<Icon name="info" />}>
          <About view={main} />
        </Popover>
      </div>
      {isIntroduced && view && (
        <aside className="first-visit" aria-label="Introduction">
          <LaterPart of={FIRST_VISIT}>{(FirstVisit) => <FirstVisit view={view} onSeen={onSeen} />}</LaterPart>
        </aside>
      )}
      {!beside && <ViewSummary view={main} recording={recording} fills />}
      <Instead view={main} recording={recording} />
      <SideBySide value={sizes}>
        <div id={PANEL_ID} role="tabpanel" aria-label={main.title} className={stale ? 'pictures stale' : 'pictures'}>
          <figure className="picture">
            {beside && (
              <figcaption>
                {recording.variant}
                <ViewSummary view={main} recording={recording} together={together} fills />
              </figcaption>
            )}
            <ViewPicture view={main} recording={recording} table={table} together={together} fills />
          </figure>
          {compare && (
            <figure className="picture">
              <figcaption>
                {beside ? variantLabel(compare, beside) : compare}
                {beside && (
                  <ViewSummary view={main} recording={beside} along together={together} follow={followed} fills />
                )}
              </figcaption>
              {beside ? (
                <ViewPicture
                  view={main}
                  recording={beside}
                  table={table}
                  along
                  together={together}
                  follow={followed}
                  fills
                />
              ) : (
                <ComparisonStatus variant={compare} />
              )}
            </figure>
          )}
        </div>
      </SideBySide>
    </section>
  );
}

/** What would give the view something to draw, where it has nothing. */
function Instead({ view, recording }: { view: AnyView; recording: Recording }) {
  const { instead, nothing } = useWholeView(view) ?? {};
  if (!instead || !nothing?.(recording)) return null;
  return (
    <p className="instead">
      <LaterPart of={INSTEAD}>{(OfferButtons) => <OfferButtons offers={instead} />}</LaterPart>
    </p>
  );
}

function About({ view }: { view: AnyView }) {
  return (
    <>
      <h2>{view.title}</h2>
      <p>{useWholeView(view)?.about}</p>
    </>
  );
}

function ComparisonStatus({ variant }: { variant: string }) {
  const comparison = useSession((state) => state.comparison);
  const hasNoDevice = useSession(({ engine }) => engine.kind === 'failed');
  if (hasNoDevice)
    return <p className="quiet">{variant} would run on this device for comparison, and cannot without WebGPU.</p>;
  if (comparison.kind === 'failed') return <p className="notice bad">{comparison.problem.message}</p>;
  if (comparison.kind === 'cancelled') return <p className="quiet">The comparison was cancelled.</p>;
  return <p className="quiet">{variant} is recorded on the same input …</p>;
}

interface SecondViewProps {
  second: AnyView;
  view: MechanismView | undefined;
  recording: Recording;
  size: number;
}

function SecondView({ second, view, recording, size }: SecondViewProps) {
  const { config } = usePage();
  const stale = useSession((state) => state.stale);
  return (
    <section className="view second-view" aria-label={second.title} style={{ flexBasis: `${size}%` }}>
      <div className="view-head">
        <select
          className="select bare"
          aria-label="Second view"
          value={second.id}
          onChange={(event) => config.getState().arrange({ below: event.target.value })}
        >
          {stageViews(view).map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
        <ViewSummary view={second} recording={recording} />
        <Popover className="button bare icon" name={`What is ${second.title}?`} label={<Icon name="info" />}>
          <About view={second} />
        </Popover>
        <button
          type="button"
          className="button bare icon"
          aria-label="Close the second view"
          onClick={() => config.getState().resize({ below: 0 })}
        >
          <Icon name="close" />
        </button>
      </div>
      <div className={stale ? 'picture stale' : 'picture'}>
        <ViewPicture view={second} recording={recording} />
      </div>
    </section>
  );
}

function EmptyStage() {
  const engine = useSession((state) => state.engine);
  const run = useSession((state) => state.run);
  if (engine.kind === 'failed' || run.kind === 'failed') return null;
  return (
    <div className="empty-stage" aria-hidden="true">
      {Array.from({ length: 64 }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed grid of identical squares
        <span key={i} />
      ))}
    </div>
  );
}

/** A link may name a view that this mechanism does not have: say so once, and show the first. */
function useUnknownViewNotice(view: MechanismView | undefined): void {
  const page = usePage();
  const said = useRef(false);
  useEffect(() => {
    if (!view || said.current) return;
    said.current = true;
    dropUnknownViews(page, view);
  }, [view, page]);
}
