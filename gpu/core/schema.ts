// zod, set up for a page whose content security policy forbids eval: its compiled parsers are switched off, since even the attempt
// is reported as a violation. Schemas of the project import `z` from here.

import { z } from 'zod';

z.config({ jitless: true });

export { z };
