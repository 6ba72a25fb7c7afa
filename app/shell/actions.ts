// Every command of the page, once: keys, the list of keys in the help, buttons, menus and their hints are all made from this list.

import { mainView, stageViews } from '../exhibit/picked-view.ts';
import type { Page } from '../state/page-context.ts';
import { MODELS_HASH } from '../state/stores/link-state.ts';

/** What the page shows beside its stores, and commands change. */
export interface PageParts {
  openDialog(name: 'help' | 'gallery'): void;
  openExport(): void;
  share(): void;
  /** Light, dark, as the system says, and around again. */
  nextTheme(): void;
  fullScreen: { isPossible: boolean; toggle(): void };
}

export interface ActionContext {
  page: Page;
  parts: PageParts;
}

export interface Action {
  id: string;
  /** What it does: name of its button, line of the help. */
  title: string;
  group: 'Playback' | 'Picture' | 'Experiment' | 'Page';
  /** Keys as `KeyboardEvent.key` names them, with 'Ctrl ' and 'Shift ' before; the first is the one that buttons name. */
  keys?: readonly string[];
  /** Absent: always. While it says no, its button is out of use and its keys mean nothing. */
  when?(context: ActionContext): boolean;
  run(context: ActionContext): void;
}

const hasSteps = ({ page }: ActionContext) => page.cursor.getState().length > 0;
const isPresented = ({ page }: ActionContext) => page.config.getState().arrangement.present;
const isNotPresented = (context: ActionContext) => !isPresented(context);

function step({ page }: ActionContext, by: number): void {
  const { pause, seek, tick } = page.cursor.getState();
  pause();
  seek(tick + by);
}

function present({ page }: ActionContext, on: boolean): void {
  page.config.getState().arrange({ present: on });
}

/** The next view of the tabs, around their end; the one before with −1. */
function showView({ page: { config, session, views } }: ActionContext, by: 1 | -1): void {
  const { experiment, arrangement, arrange } = config.getState();
  const exhibit = views.getState().get(session.getState().recording?.mechanism ?? experiment.mechanism);
  const ids = stageViews(exhibit).map(({ id }) => id);
  const at = ids.indexOf(mainView(exhibit, arrangement.view)?.id ?? '');
  const next = ids[(at + by + ids.length) % ids.length];
  if (next !== undefined) arrange({ view: next });
}

/** The next variant beside the one on the stage; after the last one it stands alone again. */
function compareNext({ page: { config, mechanisms } }: ActionContext): void {
  const { mechanism, variant, compare } = config.getState().experiment;
  const others =
    mechanisms
      .getState()
      .get(mechanism)
      ?.variants.filter(({ id }) => id !== variant) ?? [];
  const choices = [null, ...others.map(({ id }) => id)];
  config.getState().change({ compare: choices[(choices.indexOf(compare) + 1) % choices.length] ?? null });
}

export const ACTIONS = [
  {
    id: 'play',
    title: 'Play or pause',
    group: 'Playback',
    keys: [' '],
    when: hasSteps,
    run: ({ page }) => page.cursor.getState().toggle(),
  },
  {
    id: 'step-back',
    title: 'One step back',
    group: 'Playback',
    keys: ['ArrowLeft', 'PageUp'],
    when: hasSteps,
    run: (context) => step(context, -1),
  },
  {
    id: 'step-on',
    title: 'One step on',
    group: 'Playback',
    keys: ['ArrowRight', 'PageDown'],
    when: hasSteps,
    run: (context) => step(context, 1),
  },
  {
    id: 'ten-back',
    title: 'Ten steps back',
    group: 'Playback',
    keys: ['Shift ArrowLeft'],
    when: hasSteps,
    run: (context) => step(context, -10),
  },
  {
    id: 'ten-on',
    title: 'Ten steps on',
    group: 'Playback',
    keys: ['Shift ArrowRight'],
    when: hasSteps,
    run: (context) => step(context, 10),
  },
  {
    id: 'start',
    title: 'To the start',
    group: 'Playback',
    keys: ['Home'],
    when: hasSteps,
    run: (context) => step(context, Number.NEGATIVE_INFINITY),
  },
  {
    id: 'end',
    title: 'To the end',
    group: 'Playback',
    keys: ['End'],
    when: hasSteps,
    run: (context) => step(context, Number.POSITIVE_INFINITY),
  },
  {
    id: 'slower',
    title: 'Slower',
    group: 'Playback',
    keys: ['['],
    run: ({ page }) => page.cursor.getState().changeSpeed(-1),
  },
  {
    id: 'faster',
    title: 'Faster',
    group: 'Playback',
    keys: [']'],
    run: ({ page }) => page.cursor.getState().changeSpeed(1),
  },
  {
    id: 'next-view',
    title: 'Next view',
    group: 'Picture',
    keys: ['.'],
    run: (context) => showView(context, 1),
  },
  {
    id: 'previous-view',
    title: 'View before',
    group: 'Picture',
    keys: [','],
    run: (context) => showView(context, -1),
  },
  {
    id: 'table',
    title: 'Show as a table',
    group: 'Picture',
    keys: ['t'],
    run({ page }) {
      const { arrangement, arrange } = page.config.getState();
      arrange({ table: !arrangement.table });
    },
  },
  {
    id: 'drop-selection',
    title: 'Drop the selection',
    group: 'Picture',
    keys: ['Escape'],
    when: isNotPresented,
    run: ({ page }) => page.cursor.getState().select(null),
  },
  {
    id: 'compare',
    title: 'Compare with the next variant',
    group: 'Experiment',
    keys: ['c'],
    run: compareNext,
  },
  {
    id: 'run',
    title: 'Run again',
    group: 'Experiment',
    keys: ['r'],
    when: ({ page }) => page.session.getState().engine.kind === 'ready',
    run: ({ page }) => page.controller.rerun(),
  },
  {
    id: 'undo',
    title: 'Undo',
    group: 'Experiment',
    keys: ['Ctrl z'],
    when: ({ page }) => page.config.getState().past.length > 0,
    run: ({ page }) => page.config.getState().undo(),
  },
  {
    id: 'redo',
    title: 'Redo',
    group: 'Experiment',
    keys: ['Ctrl Shift z', 'Ctrl y'],
    when: ({ page }) => page.config.getState().future.length > 0,
    run: ({ page }) => page.config.getState().redo(),
  },
  {
    id: 'present',
    title: 'Present',
    group: 'Page',
    keys: ['p'],
    when: isNotPresented,
    run: (context) => present(context, true),
  },
  {
    id: 'leave-presentation',
    title: 'Leave presentation',
    group: 'Page',
    keys: ['p', 'Escape'],
    when: isPresented,
    run: (context) => present(context, false),
  },
  {
    id: 'full-screen',
    title: 'Full screen',
    group: 'Page',
    keys: ['f'],
    when: ({ parts }) => parts.fullScreen.isPossible,
    run: ({ parts }) => parts.fullScreen.toggle(),
  },
  {
    id: 'models',
    title: 'Models',
    group: 'Page',
    keys: ['b'],
    when: isNotPresented,
    run() {
      location.hash = MODELS_HASH;
    },
  },
  { id: 'gallery', title: 'Gallery', group: 'Page', keys: ['g'], run: ({ parts }) => parts.openDialog('gallery') },
  { id: 'share', title: 'Share', group: 'Page', when: isNotPresented, run: ({ parts }) => parts.share() },
  {
    id: 'export',
    title: 'Export',
    group: 'Page',
    when: (context) => isNotPresented(context) && context.page.session.getState().recording !== null,
    run: ({ parts }) => parts.openExport(),
  },
  { id: 'theme', title: 'Theme', group: 'Page', run: ({ parts }) => parts.nextTheme() },
  { id: 'help', title: 'Help and keys', group: 'Page', keys: ['?'], run: ({ parts }) => parts.openDialog('help') },
] as const satisfies readonly Action[];

export type ActionId = (typeof ACTIONS)[number]['id'];

export const ACTION_BY_ID = new Map<ActionId, Action>(ACTIONS.map((action) => [action.id, action]));
