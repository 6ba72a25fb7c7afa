import { testGoldens } from '../../testing/golden-runs.ts';

testGoldens({ fa_dense: 7, fa_gqa: 3, fa_window: 3, fa_varlen: 4, fa_blocksparse: 2 });
