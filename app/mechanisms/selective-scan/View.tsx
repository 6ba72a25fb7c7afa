// The exhibit of the selective scan: its views, controls, story and tensor looks, as the shell asks for them.

import { viewOf } from '../../exhibit/picture-view.tsx';
import type { MechanismView } from '../../exhibit/view.ts';
import { scanTerms } from '../../glossary/terms/scans.ts';
import { source } from '../../pictures/source/source.tsx';
import { channelExtents } from '../../pictures/strips/picked-channel.ts';
import { timeline } from '../../pictures/timeline/timeline.ts';
import { accuracyView } from './accuracy-view.tsx';
import { scanControls } from './controls.ts';
import { fusingRemark } from './fusing.ts';
import { scanStory } from './story.ts';
import { treeView } from './TreeView.tsx';
import { tensorLooks } from './tensors.ts';
import { carryView, scanNames, stateView, tokenView, trafficView } from './views.tsx';

export const selectiveScanView: MechanismView = {
  id: 'selective-scan',
  views: [
    stateView,
    trafficView,
    tokenView,
    treeView,
    carryView,
    accuracyView,
    viewOf(timeline(), scanNames),
    viewOf(source(), scanNames),
  ],
  controls: scanControls,
  extents: channelExtents,
  story: scanStory,
  remark: fusingRemark,
  terms: [scanTerms],
  tensors: tensorLooks,
  reads: {
    file: { seeded: ['task'] },
    sentence: {
      by: 'mechanism',
      hint: 'The words are a stream. Mark those to remember with a *, as in “the *cat sat on the *mat” (without a mark: words of six letters and more). The stream ends by asking for them in order: 1? 2? …',
    },
  },
};
