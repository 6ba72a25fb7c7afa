// Tensors that another place of the page brings along become the input of an exhibit, and it is opened on them.

import type { Tensor } from '#gpu/core/tensor.ts';
import type { Page } from './page-context.ts';

export interface BroughtTensors {
  mechanism: string;
  variant: string;
  /** Settings that the tensors' shapes do not say. */
  config: Record<string, string | number | boolean>;
  /** The view to begin with. */
  view: string;
  /** Where they come from: 'block 2 of GPT, 37 tokens'. */
  name: string;
  tensors: Record<string, Tensor>;
}

/** @throws NotHere where the exhibit cannot be had */
export async function openTensors({ config, session, loadExhibit }: Page, brought: BroughtTensors): Promise<void> {
  const { mechanism, variant, view, name, tensors } = brought;
  await loadExhibit(mechanism, 'whole');
  session.setState({ file: { name, mechanism, tensors } });
  config.getState().arrange({ view });
  config.getState().change({ mechanism, variant, compare: null, config: brought.config, sources: {}, input: 'file' });
}
