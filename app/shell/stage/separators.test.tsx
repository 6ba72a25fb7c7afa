import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { EngineError } from '#gpu/core/errors.ts';
import { resolve } from '#gpu/model/sentence-encoder/config.ts';
import { type Page, PageContext } from '../../state/page-context.ts';
import { createCursorStore } from '../../state/stores/cursor-store.ts';
import { DEFAULT_LINK } from '../../state/stores/link-state.ts';
import { problemOf } from '../../state/stores/problems.ts';
import { createSessionStore } from '../../state/stores/session-store.ts';
import { Actions } from '../ActionButton.tsx';
import type { ActionContext } from '../actions.ts';
import { PlaybackBar } from './PlaybackBar.tsx';
import { ProblemNotice } from './WorkLine.tsx';

test('the playback bar writes large step numbers as the rest of the page does', () => {
  const page = {
    config: createStore(() => DEFAULT_LINK),
    session: createSessionStore(),
    cursor: createStore(() => ({ ...createCursorStore().getState(), tick: 20_591, length: 20_592 })),
    mechanisms: createStore(() => new Map()),
    views: createStore(() => new Map()),
  };
  const bar = renderToStaticMarkup(
    <PageContext value={page as unknown as Page}>
      <Actions value={{ page } as unknown as ActionContext}>
        <PlaybackBar />
      </Actions>
    </PageContext>,
  );
  expect(bar.match(/step 20,591 of 20,592/g)).toHaveLength(2);
});

test('so does the refusal of a long sentence, which says its number once', () => {
  const error = (() => {
    try {
      return resolve({ n: 3001, vocabularySize: 8000, width: 512, headDim: 16 });
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(EngineError);
  const notice = renderToStaticMarkup(<ProblemNotice problem={problemOf(error)} />);
  expect(notice).toContain('The text has 3,001 tokens; at most 512 can be read');
  expect(notice).not.toMatch(/value|limit:/);
});
