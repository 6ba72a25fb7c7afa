// What a run did past the end of its tensors, and which outputs it never wrote: said in the story.

import { pastEndSentence, unwrittenSentence } from '../../exhibit/past-end.ts';
import type { Recording } from '../../exhibit/recording.ts';

export function AmissLine({ recording }: { recording: Recording }) {
  const sentences = [pastEndSentence(recording), unwrittenSentence(recording)].filter((each) => each !== null);
  return <span className="story-amiss"> {sentences.join(' ')}</span>;
}
