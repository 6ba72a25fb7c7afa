import { testGoldens } from '../../testing/golden-runs.ts';

testGoldens({ cct_seqpool: 3 });
