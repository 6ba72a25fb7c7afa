import { testGoldens } from '../../testing/golden-runs.ts';

// Also with chunks and scans that end in the middle of a sequence.
testGoldens({ mamba_selective_scan: 5 }, [{}, { chunk: 7, scan: 8 }]);
