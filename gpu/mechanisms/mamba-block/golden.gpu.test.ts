import { testGoldens } from '../../testing/golden-runs.ts';

testGoldens({ mamba_inner: 2 });
