import { expect, test } from 'vitest';
import { wholeExhibit } from '../../exhibit/whole-view.ts';
import { attentionExhibit } from '../../mechanisms/attention/exhibit.ts';
import { createConfigStore } from '../stores/config-store.ts';
import { DEFAULT_EXPERIMENT, type Experiment } from '../stores/experiment.ts';
import { configFor, prepareView, withVariant } from './settings-of-variant.ts';

const wholeAttention = await wholeExhibit(attentionExhibit);

const masked: Experiment = {
  ...DEFAULT_EXPERIMENT,
  variant: 'flash-v2-block-sparse',
  config: { br: 16, bc: 4, blockmask: [1, 0, 0, 1], blockRows: 8, blockCols: 8, causal: true },
};

test('a mask is left out where the variant takes none; tiles and the causal mask stay', () => {
  expect(configFor(wholeAttention, masked, 'standard')).toEqual({
    config: { br: 16, bc: 4, causal: true },
    without: ['block mask'],
  });
  expect(configFor(wholeAttention, masked, 'flash-v2-block-sparse')).toEqual({ config: masked.config, without: [] });
  expect(configFor(wholeAttention, DEFAULT_EXPERIMENT, 'standard').without).toEqual([]);
});

test('a named pattern is left out too', () => {
  const experiment = { ...masked, config: { pattern: 'butterfly' } };
  expect(configFor(wholeAttention, experiment, 'flash-v1')).toEqual({ config: {}, without: ['block mask'] });
});

test('one undo brings variant and painted mask back', () => {
  const store = createConfigStore(() => 0);
  store.setState({ experiment: masked });
  store.getState().change(withVariant(wholeAttention, masked, 'flash-v2'));
  expect(store.getState().experiment).toMatchObject({ variant: 'flash-v2', config: { br: 16, bc: 4 } });
  expect(store.getState().experiment.config).not.toHaveProperty('blockmask');
  store.getState().undo();
  expect(store.getState().experiment).toEqual(masked);
});

test('a recording that its view cannot prepare does not stop the run', async () => {
  const view = {
    ...wholeAttention,
    // biome-ignore lint/correctness/useYield: it fails before it could
    *prepare() {
      throw new Error('no probes');
    },
  };
  await expect(prepareView(view, {} as never)).resolves.toBeUndefined();
});
