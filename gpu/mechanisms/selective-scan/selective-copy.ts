// Reading the answers of selective copying, for views of this mechanism.
export {
  type CopyAnswer,
  type CopySizes,
  copyAnswers,
  sentenceInputs,
} from '../../primitives/sequential-scan/selective-copy.ts';
