// The exhibit of attention: its views, controls, story and tensor looks, as the shell asks for them.

import type { Picture } from '../../exhibit/picture.ts';
import type { ExhibitEntry, LaterView } from '../../exhibit/view.ts';
import { attentionTerms } from '../../glossary/terms/attention.ts';
import { followedRow } from './followed-row.ts';
import { linkedSteps } from './links.ts';
import { attentionNames } from './names.ts';
import { prepareRecording } from './prepare-recording.ts';
import { attentionReads } from './reads.ts';
import { rowPlace, scoreExtents } from './score-place.ts';
import { attentionRemark, attentionStory } from './story.ts';
import { tilingView } from './TilingView.tsx';
import { tensorLooks } from './tensors.ts';
import './attention.css';

const later = (id: string, title: string, load: () => Promise<Picture>): LaterView => ({
  id,
  title,
  async load() {
    const [{ viewOf }, picture] = await Promise.all([import('../../exhibit/picture-view.tsx'), load()]);
    return viewOf(picture, attentionNames);
  },
});

export const attentionView: ExhibitEntry = {
  id: 'attention',
  views: [
    tilingView,
    later('scores', 'Scores', async () => (await import('./scores-view.ts')).scoresView),
    { id: 'memory', title: 'Memory', load: async () => (await import('./MemoryView.tsx')).memoryView },
    later('reuse', 'Reuse', async () => (await import('./reuse.ts')).reuse),
    later('timeline', 'Timeline', async () =>
      (await import('../../pictures/timeline/timeline.ts')).timeline({ linked: linkedSteps }),
    ),
    later('source', 'Source', async () => (await import('../../pictures/source/source.tsx')).source()),
  ],
  controls: async () => (await import('./controls.ts')).attentionControls,
  prepare: prepareRecording,
  follow: (recording, tick) => rowPlace(followedRow(recording, tick)),
  extents: scoreExtents,
  story: attentionStory,
  remark: attentionRemark,
  terms: [attentionTerms],
  reads: attentionReads,
  tensors: tensorLooks,
};
