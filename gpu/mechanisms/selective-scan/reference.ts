// The oracle is that of the fused scan: the same definition, in float64, whatever way a variant goes.
export { reference } from '../../primitives/sequential-scan/reference.ts';
