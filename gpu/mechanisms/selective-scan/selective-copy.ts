// Selective copying, for views and tests of this mechanism.
export {
  type CopyAnswer,
  type CopySizes,
  copyAnswers,
  copyInputs,
  randomStream,
  sentenceInputs,
} from '../../primitives/sequential-scan/selective-copy.ts';
