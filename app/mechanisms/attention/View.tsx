// The exhibit of attention: its views, controls, story and tensor looks, as the shell asks for them.

import type { MechanismView } from '../view.ts';
import { attentionControls } from './controls.ts';
import { followedRow } from './followed-row.ts';
import { memoryView } from './MemoryView.tsx';
import { prepareRecording } from './prepare-recording.ts';
import { reuseView } from './ReuseView.tsx';
import { sourceView } from './SourceView.tsx';
import { attentionRemark, attentionStory } from './story.ts';
import { tilingView } from './TilingView.tsx';
import { timelineView } from './TimelineView.tsx';
import { tensorLooks } from './tensors.ts';
import './attention.css';

export const attentionView: MechanismView = {
  id: 'attention',
  views: [tilingView, memoryView, reuseView, timelineView, sourceView],
  controls: attentionControls,
  prepare: prepareRecording,
  follow: (recording, tick) => ({ kind: 'row', ...followedRow(recording, tick) }),
  story: attentionStory,
  remark: attentionRemark,
  tensors: tensorLooks,
};
