// What the time axis says where the input is a stream with a marker: the words or symbols, the one that is to be remembered, and what the
// block answered at the end.

import { type InductionAnswer, type InductionSizes, inductionAnswers } from '#gpu/mechanisms/mamba-block/induction.ts';
import type { Where } from '#gpu/trace/held.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { StripStream } from '../../pictures/strips/time-strips.ts';

const MARKER = '◆';

const sizesOf = ({ config }: Recording) => config as unknown as InductionSizes;

const known = new WeakMap<Recording, InductionAnswer[]>();

/** One question per stream, with what was answered; null where the input asks none. */
export function answersOf(recording: Recording): InductionAnswer[] | null {
  const { config, inputs, outputs, tokens } = recording;
  if (config.task !== 'induction' && !tokens) return null;
  const answers = known.get(recording) ?? inductionAnswers(sizesOf(recording), inputs.xz!.data, outputs.out!.data);
  known.set(recording, answers);
  return answers;
}

/** Symbol at every time step of a stream; `outDim` for the marker. */
function symbolsOf(recording: Recording, batch: number): number[] {
  const { dim, seqlen, outDim } = sizesOf(recording);
  const xz = recording.inputs.xz!.data;
  return Array.from({ length: seqlen }, (_, t) => {
    for (let d = 0; d <= outDim; d++) if (xz[(batch * 2 * dim + d) * seqlen + t] === 1) return d;
    return -1;
  });
}

export function streamOf(recording: Recording, tick: number, { batch = 0 }: Where): StripStream | undefined {
  const answer = answersOf(recording)?.find((each) => each.batch === batch);
  if (!answer) return undefined;
  const symbols = symbolsOf(recording, batch);
  const { outDim: marker } = sizesOf(recording);
  const words = recording.tokens?.query;
  const nameOf = (symbol: number) => {
    if (!words) return symbol === marker ? MARKER : String.fromCharCode(65 + (symbol % 26));
    const at = symbols.indexOf(symbol);
    return at < 0 ? 'nothing known' : words[at]!;
  };
  const last = symbols.length - 1;
  return {
    labels: words ?? symbols.map(nameOf),
    // What follows a marker before the last one is what the state takes in.
    marked: new Set([...symbols.keys()].filter((t) => t > 0 && t < last && symbols[t - 1] === marker)),
    // The last kernel writes the outputs.
    answers:
      tick >= recording.trace.steps.length
        ? [{ column: last, text: nameOf(answer.answered), right: answer.expected === answer.answered }]
        : [],
    questions: 1,
  };
}
