/** Short names of the variants, for bars and sentences. */
export const variantTitles: Record<string, string> = {
  sequential: 'fused',
  'sequential-x4': 'fused, four channels a lane',
  unfused: 'unfused',
  'hillis-steele': 'Hillis and Steele',
  blelloch: 'Blelloch',
  chunked: 'chunked',
};
