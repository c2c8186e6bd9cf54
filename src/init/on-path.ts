import { findProgram } from '../sandbox/probe.ts';

/** Can a program of this name be started here? */
export function isOnPath(program: string): boolean {
  return findProgram(program) !== null;
}
