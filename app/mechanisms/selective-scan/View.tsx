// The exhibit of the selective scan: its views, controls, story and tensor looks, as the shell asks for them.

import type { MechanismView, ViewProps } from '../../exhibit/view.ts';
import { sourceViewOf } from '../../pictures/source/source-view.tsx';
import { channelExtents } from '../../pictures/strips/picked-channel.ts';
import { TimelinePicture, timelineViewOf } from '../../pictures/timeline/timeline-view.tsx';
import { accuracyView } from './accuracy-view.tsx';
import { scanControls } from './controls.ts';
import { fusingRemark } from './fusing.ts';
import { stepTitles } from './step-titles.ts';
import { scanStory } from './story.ts';
import { treeView } from './TreeView.tsx';
import { tensorLooks } from './tensors.ts';
import { carryView, stateView, tokenView, trafficView } from './views.tsx';

const TitledTimeline = (props: ViewProps) => <TimelinePicture {...props} titles={stepTitles} />;

export const selectiveScanView: MechanismView = {
  id: 'selective-scan',
  views: [
    stateView,
    trafficView,
    tokenView,
    treeView,
    carryView,
    accuracyView,
    timelineViewOf(stepTitles, TitledTimeline),
    sourceViewOf(stepTitles),
  ],
  controls: scanControls,
  extents: channelExtents,
  story: scanStory,
  remark: fusingRemark,
  tensors: tensorLooks,
  sentenceHint:
    'The words are a stream. Mark those to remember with a *, as in “the *cat sat on the *mat” (without a mark: words of six letters and more). The stream ends by asking for them in order: 1? 2? …',
};
