/** What the files that describe commands share. */
import { InvalidArgumentError, type Command } from 'commander';
import type { ExitCode } from './errors.ts';

export type AddCommand = (usage: string, description: string, action: (...args: never[]) => Promise<ExitCode>) => Command;

/** An option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return value;
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('a number from 0 to 65535');
  return port;
}
