import { AGENT_ATTACKS } from './agents.ts';
import { AROUND_ATTACKS } from './around.ts';
import { NUMBER_ATTACKS } from './number.ts';
import { WAL_ATTACKS } from './wal.ts';

/** Every attack that is tried: add yours to the list it belongs to. */
export const ATTACKS = [...NUMBER_ATTACKS, ...WAL_ATTACKS, ...AROUND_ATTACKS, ...AGENT_ATTACKS];
