import { hostname } from 'node:os';
import { ownPackage } from '../../plugins/package.ts';

/** The part of a record that says where it was written. */
export function machine() {
  return { engine: ownPackage().version ?? 'unknown', node: process.version, host: hostname() };
}
