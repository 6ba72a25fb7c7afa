import { testGoldens } from '../../testing/golden-runs.ts';

testGoldens({ rope: 4, alibi_bias: 3, sinusoidal_positions: 2 });
