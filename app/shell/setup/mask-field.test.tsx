import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { attentionControls } from '../../mechanisms/attention/controls.ts';
import { type Page, PageContext } from '../../state/page-context.ts';
import { MaskField } from './MaskField.tsx';

const control = attentionControls.find(({ kind }) => kind === 'mask')!;
const drawn = (nq: number, nk: number) =>
  renderToStaticMarkup(
    <PageContext value={{} as Page}>
      <MaskField control={control} config={{ nq, nk, br: 16, bc: 4 }} limits={{}} />
    </PageContext>,
  );

test('a mask of more blocks than an array holds is not drawn, and takes nothing down', () => {
  expect(drawn(999_999, 999_999)).toBe('');
  expect(drawn(64, 64)).toContain('Block mask');
});
