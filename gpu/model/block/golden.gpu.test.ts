import { testGoldens } from '../../testing/golden-runs.ts';

testGoldens({ cct_block: 2, jamba_layer: 3, primer_mdha: 2 });
