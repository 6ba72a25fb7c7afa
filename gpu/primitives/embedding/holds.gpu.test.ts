import { holds } from '../../define/testing/holds.ts';
import { embedding } from './embedding.ts';

holds(embedding, { tiles: { width: 64 } });
