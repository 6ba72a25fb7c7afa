import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { wholeExhibit } from '../exhibit/whole-view.ts';
import { loadView } from '../mechanisms/load-view.ts';
import type { Page } from '../state/page-context.ts';
import { createConfigStore } from '../state/stores/config-store.ts';
import { createCursorStore } from '../state/stores/cursor-store.ts';
import { createSessionStore } from '../state/stores/session-store.ts';
import { ACTIONS, type Action, type ActionContext } from './actions.ts';
import { HelpDialog } from './HelpDialog.tsx';
import { keyText, shortcutsOf } from './key-names.ts';
import { actionOf } from './keyboard.ts';

const actions: readonly Action[] = ACTIONS;
const allKeys = [...new Set(actions.flatMap(({ keys = [] }) => keys))];

interface Situation {
  presented: boolean;
  steps: number;
  ready: boolean;
  changed: boolean;
  canFill: boolean;
}

const yesAndNo = [true, false];
const SITUATIONS: Situation[] = yesAndNo.flatMap((presented) =>
  yesAndNo.flatMap((isLong) =>
    yesAndNo.flatMap((ready) =>
      yesAndNo.flatMap((changed) =>
        yesAndNo.map((canFill) => ({ presented, steps: isLong ? 90 : 0, ready, changed, canFill })),
      ),
    ),
  ),
);

function contextOf({ presented, steps, ready, changed, canFill }: Situation): ActionContext {
  const [config, cursor, session] = [createConfigStore(() => 0), createCursorStore(), createSessionStore()];
  config.getState().arrange({ present: presented });
  cursor.getState().load(steps, Math.min(20, steps), false);
  if (ready) session.setState({ engine: { kind: 'ready' } as never, recording: { mechanism: 'attention' } as never });
  if (changed) {
    for (const seed of [2, 3]) config.getState().change({ seed });
    config.getState().undo();
  }
  const loaded = { getState: () => new Map() };
  const page = { config, cursor, session, views: loaded, mechanisms: loaded, controller: { rerun: vi.fn() } };
  const parts = {
    openDialog: vi.fn(),
    openExport: vi.fn(),
    share: vi.fn(),
    nextTheme: vi.fn(),
    fullScreen: { isPossible: canFill, toggle: vi.fn() },
  };
  return { page: page as unknown as Page, parts };
}

/** The press that an entry of the list stands for. */
function pressOf(name: string) {
  const parts = name === ' ' ? [name] : name.split(' ');
  const [shiftKey, ctrlKey] = [parts.includes('Shift'), parts.includes('Ctrl')];
  // With Shift a letter is a capital.
  const key = shiftKey && parts.at(-1)!.length === 1 ? parts.at(-1)!.toUpperCase() : parts.at(-1)!;
  return { key, shiftKey, ctrlKey, metaKey: false, altKey: false };
}

test('no two actions have the same id, title or, in any situation, key', () => {
  for (const of of [({ id }: Action) => id, ({ title }: Action) => title])
    expect(new Set(actions.map(of)).size).toBe(actions.length);
  expect(SITUATIONS).toHaveLength(32);
  for (const situation of SITUATIONS) {
    const context = contextOf(situation);
    for (const key of allKeys) {
      const meant = actions.filter(({ keys, when }) => keys?.includes(key) && (when?.(context) ?? true));
      expect(meant.length, `${key} with ${JSON.stringify(situation)}`).toBeLessThanOrEqual(1);
    }
  }
});

test('every key of the list is pressed for its own action, in some situation, and every action can be had', () => {
  const contexts = SITUATIONS.map(contextOf);
  for (const action of actions) {
    const possible = contexts.filter((context) => action.when?.(context) ?? true);
    expect(possible.length, action.id).toBeGreaterThan(0);
    for (const key of action.keys ?? [])
      for (const context of possible) expect(actionOf(pressOf(key), context)?.id, key).toBe(action.id);
  }
});

test('a key means nothing with Alt, and a letter nothing with Ctrl that it does not have', () => {
  const context = contextOf(SITUATIONS[0]!);
  for (const key of allKeys) expect(actionOf({ ...pressOf(key), altKey: true }, context)).toBeUndefined();
  for (const key of ['p', 'r', 'f', 'c'])
    expect(actionOf({ ...pressOf(key), ctrlKey: true }, context), key).toBeUndefined();
});

test('attention’s Scores are one key away from its first picture, with no other view between', async () => {
  const exhibit = await wholeExhibit((await loadView('attention'))!);
  const context = contextOf({ presented: false, steps: 90, ready: true, changed: false, canFill: true });
  Object.assign(context.page, { views: { getState: () => new Map([['attention', exhibit]]) } });
  const { config } = context.page;
  const press = (key: string) => {
    actionOf(pressOf(key), context)!.run(context);
    return exhibit.views.find(({ id }) => id === config.getState().arrangement.view)?.title;
  };
  expect(press('.')).toBe('Scores');
  expect(press(',')).toBe('Tiling');
  const [line] = actions.filter(({ keys }) => keys?.includes('.'));
  expect(renderToStaticMarkup(createElement(HelpDialog, { open: true, onClose: vi.fn() }))).toContain(
    `<kbd>.</kbd></th><td>${line!.title}</td>`,
  );
});

test('steps go by one and by ten, from start to end', () => {
  const context = contextOf({ presented: true, steps: 90, ready: true, changed: false, canFill: true });
  const { cursor } = context.page;
  for (const [key, tick] of [
    ['ArrowRight', 21],
    ['PageDown', 22],
    ['Shift ArrowRight', 32],
    ['ArrowLeft', 31],
    ['PageUp', 30],
    ['Shift ArrowLeft', 20],
    ['End', 90],
    ['Home', 0],
  ] as const) {
    actionOf(pressOf(key), context)!.run(context);
    expect(cursor.getState().tick, key).toBe(tick);
  }
});

test('Esc leaves the presentation before it drops the selection', () => {
  const context = contextOf({ presented: true, steps: 90, ready: true, changed: false, canFill: true });
  const { config, cursor } = context.page;
  cursor.getState().select({ kind: 'at', at: { row: 1 } });
  const press = () => actionOf(pressOf('Escape'), context)!.run(context);
  press();
  expect([config.getState().arrangement.present, cursor.getState().selection !== null]).toEqual([false, true]);
  press();
  expect(cursor.getState().selection).toBeNull();
});

test('keys are told to people as they stand on the keyboard, and to screen readers by their names', () => {
  expect(['Ctrl Shift z', 'Shift ArrowRight', ' ', '?', 't'].map(keyText)).toEqual([
    'Ctrl Shift Z',
    'Shift →',
    'Space',
    '?',
    't',
  ]);
  expect(shortcutsOf(['Ctrl Shift z', 'Ctrl y'])).toBe('Control+Shift+z Control+y');
  expect(shortcutsOf([' '])).toBe('Space');
  expect(shortcutsOf(undefined)).toBeUndefined();
});
