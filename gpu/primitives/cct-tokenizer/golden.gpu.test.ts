import { testGoldens } from '../../testing/golden-runs.ts';

testGoldens({ cct_tokenizer: 3 });
