import { testGoldens } from '../../testing/golden-runs.ts';

testGoldens({ mamba_state_update: 2 });
