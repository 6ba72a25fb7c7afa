// The models place with its store and its runs, which stay as they are while another place is looked at.

import { useState } from 'react';
import { resolveStack, stackOf } from '#gpu/model/stack/config.ts';
import { stackPresets } from '#gpu/model/stack/presets.ts';
import { openModelLink } from '../state/link/model-link.ts';
import type { BroughtTensors } from '../state/open-tensors.ts';
import { createModelRuns } from '../state/run/model-runs.ts';
import { openEngine } from '../state/run/open-engine.ts';
import { createModelStore } from '../state/stores/model-store.ts';
import { attentionInputs } from './block-tensors.ts';
import { placeName } from './LedgerPane.tsx';
import { ModelsPlace } from './ModelsPlace.tsx';
import { type BroughtModel, bringModel, FROM_FILES, prepareBuild, shownStack } from './preparation.ts';

function open() {
  const { build, complaints } = openModelLink(location.hash);
  const store = createModelStore(build);
  let brought: BroughtModel | null = null;
  const runs = createModelRuns(store, {
    openEngine,
    prepare: (asked, signal, onShare) => prepareBuild(asked, signal, onShare, brought),
  });
  const bring = async (files: readonly File[]) => {
    brought = await bringModel(files);
    runs.forget();
    const { config } = brought.model;
    store
      .getState()
      .change({ preset: FROM_FILES, stack: { ...config, positions: { ...config.positions } }, prompt: '1 2 3' });
    return brought.title;
  };
  return { store, runs, complaints, bring };
}

let opened: ReturnType<typeof open> | undefined;

export function ModelsDoor({ onOpenTensors }: { onOpenTensors(brought: BroughtTensors): Promise<void> }) {
  const [{ store, runs, complaints, bring }] = useState(() => {
    opened ??= open();
    return opened;
  });
  return (
    <ModelsPlace
      store={store}
      runs={runs}
      complaints={complaints}
      onBring={bring}
      onOpenExhibit={async (recording) => {
        const { build } = store.getState();
        const stack = stackOf(resolveStack(shownStack(build)));
        const keys = stack.blocks.find(({ place }) => place === recording.place)!.keys as {
          causal: boolean;
          window: number;
          variant: string;
        };
        const title = stackPresets.find(({ id }) => id === build.preset)?.title ?? 'the stack';
        await onOpenTensors({
          mechanism: 'attention',
          variant: keys.variant,
          config: { causal: keys.causal, ...(keys.window >= 0 && { windowLeft: keys.window }) },
          view: 'scores',
          name: `${placeName(recording.place)} of ${title}, ${recording.tokens} tokens`,
          tensors: await attentionInputs(stack, recording),
        });
      }}
    />
  );
}
