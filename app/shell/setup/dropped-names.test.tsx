import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Tensor } from '#gpu/core/tensor.ts';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import { attention } from '#gpu/mechanisms/attention/index.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { attentionReads } from '../../mechanisms/attention/reads.ts';
import { recordWalk } from '../../mechanisms/attention/testing/traced-walk.ts';
import { type Page, PageContext } from '../../state/page-context.ts';
import { neededTensors } from '../../state/run/wanted-inputs.ts';
import { DEFAULT_LINK } from '../../state/stores/link-state.ts';
import { createSessionStore, type SessionState } from '../../state/stores/session-store.ts';
import { Story } from '../stage/Story.tsx';
import { FileField, fileWords, readAs } from './FileField.tsx';

const walk = recordWalk({ nq: 8, nk: 12, br: 2, bc: 3, headDim: 4, visits: () => [0, 1, 2, 3] });
const tensor: Tensor = { dtype: 'f32', shape: [1, 20, 2, 16], data: new Float32Array(640) };
const file = { name: 'qkv.safetensors', mechanism: 'attention', tensors: { q: tensor } };
const opened: Recording = {
  ...walk,
  device: { label: 'a far device', isSoftware: true, origin: 'file', file: 'theirs.rec' },
};

function drawn(session: Partial<SessionState>): string {
  const experiment = { ...DEFAULT_LINK.experiment, input: 'file' as const };
  const page = {
    config: createStore(() => ({ experiment })),
    session: createStore(() => ({ ...createSessionStore().getState(), ...session })),
    mechanisms: createStore(() => new Map()),
    views: createStore(() => new Map()),
  };
  return renderToStaticMarkup(
    <PageContext value={page as unknown as Page}>
      <FileField />
      <Story />
    </PageContext>,
  );
}

test('the drop box tells the tensors that run', () => {
  const page = drawn({ file, recording: walk });
  expect(page).toContain('qkv.safetensors');
  expect(page).toContain('q [1, 20, 2, 16]');
});

test('a recording that plays is told by its file’s name, in the drop box and by the story; tensors dropped before are not', () => {
  const page = drawn({ file, recording: opened });
  expect(page.match(/theirs\.rec/g)).toHaveLength(2);
  expect(page).not.toContain('qkv.safetensors');
  expect(page).not.toContain('[1, 20, 2, 16]');
});

test('the axes are named where a file is asked for, and said of what was read of it', () => {
  const { file } = attentionReads;
  expect(fileWords(neededTensors(attention), file)).toBe(
    '.safetensors, .npz or .npy file with q, k and v, each [batch, tokens, heads, headDim]',
  );
  const [q] = neededTensors(attention);
  expect(readAs('q', [1, 2, 40, 32], q, file)).toBe('q [1 batch, 2 tokens, 40 heads, 32 headDim]');
  expect(readAs('q', [2, 32], q, file)).toBe('q [2 tokens, 32 headDim]');
  expect(readAs('mystery', [4], undefined, file)).toBe('mystery [4]');
});

test('every exhibit names the axes of all that it needs', () => {
  for (const mechanism of mechanisms.values()) {
    if (mechanism.role !== 'mechanism') continue;
    for (const { name, axes } of neededTensors(mechanism))
      expect(axes?.length, `${mechanism.id} ${name}`).toBeGreaterThan(0);
  }
});
