import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scalar } from '../../src/experiment.ts';

export const STREAMS = join(import.meta.dirname, 'streams.json');

/** The values one proposal sets, by name. */
export type Change = Readonly<Record<string, Scalar>>;

/** Proposals of recorded searches on tiny-lm, each in its order. */
export function readStreams(): readonly (readonly Change[])[] {
  return existsSync(STREAMS) ? (JSON.parse(readFileSync(STREAMS, 'utf8')) as Change[][]) : [];
}
