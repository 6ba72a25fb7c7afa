// What the time axis says where the input is a stream to copy from: the words or symbols, which of them are to be remembered, and what
// the run gave back, as far as it has come.

import { type CopyAnswer, type CopySizes, copyAnswers } from '#gpu/mechanisms/selective-scan/selective-copy.ts';
import { held, NEVER, type Where } from '#gpu/trace/held.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { StripStream } from '../../pictures/strips/time-strips.ts';
import { settingsOf } from './scan-run.ts';

const known = new WeakMap<Recording, CopyAnswer[]>();

/** Every question of the run with what was answered; null where the input asks none. */
export function answersOf(recording: Recording): CopyAnswer[] | null {
  const { config, inputs, outputs, tokens } = recording;
  if (config.task !== 'selective-copy' && !tokens) return null;
  const answers =
    known.get(recording) ?? copyAnswers(config as unknown as CopySizes, inputs.u!.data, outputs.out!.data);
  known.set(recording, answers);
  return answers;
}

/** 'A' … 'Z', then numbers. */
const symbolName = (symbol: number) => (symbol < 26 ? String.fromCharCode(65 + symbol) : String(symbol));

/** Symbol written at every time step of a sequence; −1 for noise and questions. */
function symbolsOf(recording: Recording, batch: number): Int32Array {
  const { dim, seqlen } = settingsOf(recording);
  const u = recording.inputs.u!.data;
  return Int32Array.from({ length: seqlen }, (_, t) => {
    for (let d = 0; d < dim; d++) if (u[(batch * dim + d) * seqlen + t] === 1) return d;
    return -1;
  });
}

/** Step in which the last channel of a sequence passed a time step. */
function passedAt(run: Recording, batch: number, time: number): number {
  const { dim, dstate } = settingsOf(run);
  const where = { batch, time };
  const h = held(run.trace, 'h', { channel: dim, state: dstate }, where).step;
  const delta = held(run.trace, 'step', { channel: dim }, where).step;
  return h.reduce((last, step, i) => Math.max(last, step === NEVER ? delta[Math.floor(i / dstate)]! : step), 0);
}

interface Stream {
  labels: readonly string[];
  marked: ReadonlySet<number>;
  /** With the step after which each stands. */
  answers: { column: number; text: string; right: boolean; step: number }[];
}

const streams = new WeakMap<Recording, Map<number, Stream>>();

function wholeStream(recording: Recording, batch: number): Stream {
  const answers = answersOf(recording)!.filter((answer) => answer.batch === batch);
  const symbols = symbolsOf(recording, batch);
  const words = recording.tokens?.query;
  const asked = new Set(answers.map(({ time }) => time));
  const nameOf = (symbol: number) => {
    if (!words) return symbolName(symbol);
    const at = symbols.indexOf(symbol);
    return at < 0 ? 'nothing known' : words[at]!.replace(/^\*/, '');
  };
  return {
    labels: words ?? Array.from(symbols, (symbol, t) => (asked.has(t) ? '?' : symbol < 0 ? '·' : symbolName(symbol))),
    marked: new Set(Array.from(symbols.keys()).filter((t) => symbols[t]! >= 0)),
    answers: answers.map(({ time, expected, answered }) => ({
      column: time,
      text: nameOf(answered),
      right: expected === answered,
      step: passedAt(recording, batch, time),
    })),
  };
}

export function streamOf(recording: Recording, tick: number, { batch = 0 }: Where): StripStream | undefined {
  if (!answersOf(recording)) return undefined;
  const all = streams.get(recording) ?? new Map<number, Stream>();
  streams.set(recording, all);
  const { labels, marked, answers } = all.get(batch) ?? wholeStream(recording, batch);
  all.set(batch, { labels, marked, answers });
  // Room for the answers is there from the start, so that nothing moves when they come.
  return { labels, marked, answers: answers.filter(({ step }) => step < tick), questions: answers.length };
}
