// The engine's worker, as the page starts it.

import { openEngine } from '../engine.ts';
import { type MessagePoint, serve } from './serve.ts';

serve(self as unknown as MessagePoint, openEngine);
