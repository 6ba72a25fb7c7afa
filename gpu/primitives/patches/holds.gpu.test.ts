import { holds } from '../../define/testing/holds.ts';
import { patches } from './patches.ts';

holds(patches, { only: { height: [4, 9, 12], width: [4, 8, 13], patch: [1, 2, 3, 4], padding: [0, 1] } });
