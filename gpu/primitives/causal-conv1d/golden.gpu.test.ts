import { testGoldens } from '../../testing/golden-runs.ts';

testGoldens({ causal_conv1d: 2, causal_conv1d_update: 1 });
