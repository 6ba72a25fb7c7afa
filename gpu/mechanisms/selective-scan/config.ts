// Config of `selective-scan`: that of the fused scan, which all its variants share.

export { resolve, type ScanConfig, schema } from '../../primitives/sequential-scan/config.ts';
