import type { Kind } from '../contract/definition.ts';

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /Read-only file system|EROFS/,
    'met a place it may not write to: `workspace.writable` opens folders, `workspace.outputs` is for committed files',
  ],
  [
    /Network is unreachable|ENETUNREACH|EAI_AGAIN|name resolution|Could not resolve host/,
    'met a network that is closed: `trainer.network: true` opens it',
  ],
  [
    /bwrap: execvp|No such file or directory.*\/(home|root)\//,
    'did not find a file in the home folder, which is hidden: `workspace.readable` shows it',
  ],
];

/** The config key to change if the sandbox may have caused a failure; null if nothing points to the sandbox. */
export function adviceFor(kind: Kind, tail: string): string | null {
  const found = ADVICE.find(([pattern]) => pattern.test(tail))?.[1];
  return found === undefined ? null : `sandbox: a program of the ${kind} failed, and ${found} (docs/security.md)`;
}
