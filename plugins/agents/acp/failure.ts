import type { FailureKind } from '../../../src/plugin.ts';
import type { Heard } from '../_cli/types.ts';

/** Codes of the protocol that say what kind of failure it was. */
const KINDS: Readonly<Record<number, FailureKind>> = {
  // Signing in is needed first.
  [-32000]: 'auth',
  // The agent lacks a method that the protocol requires.
  [-32601]: 'config',
};

/** The kind of failure that an error of the agent stands for. */
export function errorOf(error: unknown): NonNullable<Heard['error']> {
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
  const details = data === undefined || data === null ? '' : `: ${typeof data === 'string' ? data : JSON.stringify(data)}`;
  const kind = typeof code === 'number' ? KINDS[code] : undefined;
  return { message: `${String(message ?? error)}${details}`, ...(kind && { kind }) };
}
