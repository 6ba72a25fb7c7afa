// zod, in its small form (functions in place of chained methods, a quarter of the bytes) and set up for a page whose content security
// policy forbids eval: its compiled parsers are switched off, since even the attempt is reported as a violation. Schemas of the
// project import `z` from here.

import * as z from 'zod/mini';

z.config({ ...z.locales.en(), jitless: true });

export { z };
