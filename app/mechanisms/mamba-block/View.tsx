// The exhibit of the Mamba block: its views, controls, story and tensor looks, as the shell asks for them.

import { mambaBlock } from '#gpu/mechanisms/mamba-block/mamba-block.ts';
import type { Names } from '../../exhibit/names.ts';
import { viewOf } from '../../exhibit/picture-view.tsx';
import type { MechanismView, ViewProps } from '../../exhibit/view.ts';
import { scanTerms } from '../../glossary/terms/scans.ts';
import { type GrowthParts, GrowthPicture, growthViewOf } from '../../pictures/plot/growth-view.tsx';
import { source } from '../../pictures/source/source.tsx';
import { channelExtents, pickedChannel } from '../../pictures/strips/picked-channel.ts';
import { StripPicture, type StripViewParts, stepsText, stripView } from '../../pictures/strips/strip-view.tsx';
import { timeline } from '../../pictures/timeline/timeline.ts';
import { traffic } from '../../pictures/traffic/traffic.ts';
import { growthStudy } from '../../studies/growth.ts';
import { titlesOf } from '../../words/step-words.ts';
import { accuracyView } from './accuracy-view.tsx';
import { blockControls } from './controls.ts';
import { blockScene } from './scene.ts';
import { blockStory } from './story.ts';
import { lookOf, tensorLooks } from './tensors.ts';

const growthParts: GrowthParts = {
  study: growthStudy,
  // Both caches together look like the larger one.
  look: { ink: tensorLooks.ssm_state!.colour, pattern: 'cross' },
  about:
    'What is kept to go on by one token, and what making that token reads, after 4 to 4,096 tokens. The block keeps the states of its scan and the last inputs of its filter: the same bytes after any text. Attention keeps K and V of every token. Each point is a Session opened on this device: the bytes of its buffers, and one decode step recorded in it.',
  remark:
    'The block’s step reads its weights too; attention here begins at q, k and v, without the maps that make them.',
};

const titles = titlesOf(mambaBlock.steps);

const stateParts: StripViewParts = {
  id: 'state',
  title: 'State',
  about:
    'One channel inside the block: its states h over time and its step size Δ, as the scan had them in its registers; below, the outputs of the whole block, a row per channel, once the last kernel has written them.',
  scene: blockScene,
  titles,
  column: 'time step',
  timeOf: (_recording, column) => column,
  words({ recording, tick, selection }, { current, columns, strips }) {
    const { channel } = pickedChannel(recording, selection, tick);
    const reached =
      current === null
        ? `the scan has not begun; ${stepsText(columns)}`
        : `time step ${current} reached, of 0 to ${columns - 1}`;
    return `Channel ${channel}: ${reached}; largest state of the run ${strips[0]!.most.toPrecision(3)}.`;
  },
};

const names: Names = { lookOf, steps: titles, variants: { fused: 'block' } };

const StatePicture = (props: ViewProps) => <StripPicture {...props} parts={stateParts} />;
const BlockGrowth = (props: ViewProps) => <GrowthPicture {...props} parts={growthParts} />;

export const mambaBlockView: MechanismView = {
  id: 'mamba-block',
  views: [
    stripView(stateParts, StatePicture),
    viewOf(traffic({ about: 'All kernels of the block are in it.' }), names),
    growthViewOf(growthParts, BlockGrowth),
    accuracyView,
    viewOf(timeline(), names),
    viewOf(source(), names),
  ],
  controls: blockControls,
  extents: channelExtents,
  story: blockStory,
  terms: [scanTerms],
  tensors: tensorLooks,
  reads: {
    file: { seeded: ['task'] },
    sentence: {
      by: 'mechanism',
      hint: 'The words are a stream. Its last word asks: what followed it before? “red fox, red hen, red” is answered with hen. Where the last word is new, an earlier one is added at the end.',
    },
  },
};
