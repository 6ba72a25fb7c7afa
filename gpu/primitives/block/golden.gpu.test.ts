import { testGoldens } from '../../testing/golden-runs.ts';

testGoldens({ jamba_layer: 3, primer_mdha: 1 });
