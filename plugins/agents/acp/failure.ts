import type { FailureKind } from '../../../src/plugin.ts';
import type { Heard } from '../_cli/types.ts';

/** Codes of the protocol that say what kind of failure it was. */
const KINDS: Readonly<Record<number, FailureKind>> = {
  // Signing in is needed first.
  [-32000]: 'auth',
  // What every agent of the protocol knows, this one does not.
  [-32601]: 'config',
};

/** What an agent that broke off means by it; words of the model service in it are understood where they are read. */
export function errorOf(error: unknown): NonNullable<Heard['error']> {
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
  const details = data === undefined || data === null ? '' : `: ${typeof data === 'string' ? data : JSON.stringify(data)}`;
  const kind = typeof code === 'number' ? KINDS[code] : undefined;
  return { message: `${String(message ?? error)}${details}`, ...(kind && { kind }) };
}
