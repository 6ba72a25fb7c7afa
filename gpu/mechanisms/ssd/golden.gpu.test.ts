import { testGoldens } from '../../testing/golden-runs.ts';

testGoldens({ mamba_ssd_minimal: 3, mamba_ssd_combined: 2 }, [{}, { decaySum: 'running' }]);
