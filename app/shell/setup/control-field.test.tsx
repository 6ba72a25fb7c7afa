import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Config } from '#gpu/mechanisms/mechanism.ts';
import { attentionControls } from '../../mechanisms/attention/controls.ts';
import { type Page, PageContext } from '../../state/page-context.ts';
import { createConfigStore } from '../../state/stores/config-store.ts';
import { createSessionStore, type SessionState } from '../../state/stores/session-store.ts';
import { ControlField } from './ControlField.tsx';

const LIMITS = {
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxStorageBufferBindingSize: 134_217_728,
};

function drawn(id: string, config: Config, session: Partial<SessionState> = {}): string {
  const page = {
    config: createConfigStore(() => 0),
    session: createStore(() => ({ ...createSessionStore().getState(), ...session })),
  };
  const control = attentionControls.find((each) => each.id === id)!;
  return renderToStaticMarkup(
    <PageContext value={page as unknown as Page}>
      <ControlField control={control} config={config} limits={LIMITS} />
    </PageContext>,
  );
}

/** Runs in flash-v2, which keeps its query tile in registers; the paper's count of it is more than a workgroup has. */
const WIDE = { heads: 1, nq: 64, nk: 64, headDim: 32, br: 64, bc: 32 };
const refused = { run: { kind: 'failed', problem: { message: 'too much' } } } as unknown as Partial<SessionState>;

test('the memory of tiles that run is not marked as wrong; that of tiles that were refused is', () => {
  expect(drawn('M', WIDE)).toContain('value="8320"');
  expect(drawn('M', WIDE)).not.toMatch(/aria-invalid="true"|control-end/);
  expect(drawn('M', WIDE, refused)).toMatch(/aria-invalid="true"/);
  expect(drawn('M', WIDE, refused)).toContain('control-end');
});

test('why a range ends is said quietly where the last of it is chosen', () => {
  const narrow = { ...WIDE, headDim: 128, br: 16, bc: 16 };
  const last = attentionControls.find(({ id }) => id === 'br')!.range(narrow, LIMITS).max;
  const html = drawn('br', { ...narrow, br: last });
  expect(html).toMatch(/class="control-note">[^<]*this device allows/);
  expect(html).not.toContain('control-end');
});
