// Lines that our kernels had before they named axes. Links with an edited kernel, and recordings of then, hold them: they say the same
// still, in the words of today as far as they knew their places.

const FORMER: Readonly<Record<string, string>> = {
  'batch head q0 k0': 'at batch head row=q0 key=k0',
  'row m l rescale': 'm l rescale at row',
  'row m l': 'm l at row',
  'batch channel time step h0 h1': 'step h[state]=h0,h1 at batch channel time',
  'h2 h3': 'h[state+8]=h2,h3',
  'h4 h5 h6 h7': 'h[state+16]=h4,h5,h6,h7',
  'batch channel time step': 'step[channel]=step at batch channel time',
  'batch channel chunk span h0 h1 h2 h3 h4 h5 h6 h7':
    'span local[state]=h0,h1,h2,h3,h4,h5,h6,h7 at batch channel chunk',
  'batch channel chunk h0 h1 h2 h3 h4 h5 h6 h7': 'taken[state]=h0,h1,h2,h3,h4,h5,h6,h7 at batch channel chunk',
  'batch channel n chunk h': 'passed=h at batch channel state=n chunk',
  'batch channel n start reach left right': 'reach left right at batch channel state=n start',
  'batch channel n start reach left lane': 'reach left right=lane at batch channel state=n start',
  'batch channel n time step h': 'h step at batch channel state=n time',
  'batch channel time n gain': 'gain at batch channel state=n time',
  'row n time h': 'h at row state=n time',
  'row n time h product': 'h product at row state=n time',
  'row mean': 'mean at row',
  'channel n step h': 'h step at channel state=n',
  'head t sum': 'cs=sum at head time=t',
  'head element chunk r': 'passed=r at head element chunk',
  'chunk head element sum': 'local=sum at head element chunk',
  'head own segment': 'segment at head time=own',
  'row_index mean inverse_deviation': 'mean inverse_deviation at row=row_index',
  'token id column': 'id at token column',
};

/** What a `//: probe` line of then says, behind `record`; undefined for any other. */
export function formerProbe(text: string): string | undefined {
  return Object.hasOwn(FORMER, text) ? FORMER[text] : undefined;
}
