// The exhibit of attention: which tiles of the score matrix are visited, what they hold, what that moves, and how often.

import { card } from '#gpu/mechanisms/attention/card.ts';
import { attentionSteps } from '#gpu/mechanisms/attention/steps.ts';
import { describeExhibit } from '../../exhibit/describe.ts';
import { attentionTerms } from '../../glossary/terms/attention.ts';
import { followedRow } from './followed-row.ts';
import { prepareRecording } from './prepare-recording.ts';
import { attentionReads } from './reads.ts';
import { rowPlace, scoreExtents } from './score-place.ts';
import { attentionRemark, attentionStory } from './story.ts';
import { otherTensors, tensorLooks } from './tensors.ts';
import { tiling } from './tiling.tsx';
import './attention.css';

export const attentionExhibit = describeExhibit({
  mechanism: { ...card, steps: attentionSteps },
  views: [
    tiling,
    { id: 'scores', title: 'Scores', load: async () => (await import('./scores-view.ts')).scoresView },
    { id: 'memory', title: 'Memory', load: async () => (await import('./memory.tsx')).memory },
    { id: 'reuse', title: 'Reuse', load: async () => (await import('./reuse.ts')).reuse },
    { id: 'length', title: 'Bytes against length', load: async () => (await import('./length-view.ts')).lengthView },
    {
      id: 'timeline',
      title: 'Timeline',
      async load() {
        const [{ timeline }, { linkedSteps }] = await Promise.all([
          import('../../pictures/timeline/timeline.ts'),
          import('./linked-steps.ts'),
        ]);
        return timeline({ linked: linkedSteps });
      },
    },
    { id: 'source', title: 'Source', load: async () => (await import('../../pictures/source/source.tsx')).source() },
  ],
  tensors: tensorLooks,
  otherTensors,
  controls: {},
  moreControls: async () => (await import('./controls.ts')).attentionControls,
  prepare: prepareRecording,
  follow: (recording, tick) => rowPlace(followedRow(recording, tick)),
  extents: scoreExtents,
  story: attentionStory,
  remark: attentionRemark,
  terms: [attentionTerms],
  reads: attentionReads,
  remedy: async () => (await import('./remedy.ts')).attentionRemedy,
  welcome: async () => (await import('./welcome.ts')).attentionWelcome,
});
