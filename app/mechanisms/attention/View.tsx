// The exhibit of attention: its views, controls, story and tensor looks, as the shell asks for them.

import type { MechanismView } from '../../exhibit/view.ts';
import { attentionControls } from './controls.ts';
import { followedRow } from './followed-row.ts';
import { memoryView } from './MemoryView.tsx';
import { prepareRecording } from './prepare-recording.ts';
import { rowPlace, scoreExtents } from './score-place.ts';
import { attentionRemark, attentionStory } from './story.ts';
import { tilingView } from './TilingView.tsx';
import { tensorLooks } from './tensors.ts';
import './attention.css';

export const attentionView: MechanismView = {
  id: 'attention',
  views: [
    tilingView,
    memoryView,
    { id: 'reuse', title: 'Reuse', load: async () => (await import('./ReuseView.tsx')).reuseView },
    { id: 'timeline', title: 'Timeline', load: async () => (await import('./TimelineView.tsx')).timelineView },
    { id: 'source', title: 'Source', load: async () => (await import('./SourceView.tsx')).sourceView },
  ],
  controls: attentionControls,
  prepare: prepareRecording,
  follow: (recording, tick) => rowPlace(followedRow(recording, tick)),
  extents: scoreExtents,
  story: attentionStory,
  remark: attentionRemark,
  tensors: tensorLooks,
};
