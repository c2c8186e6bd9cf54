import { AutoresearchError, messageOf, type ErrorCode } from '../../errors.ts';

const ANYTHING_ELSE = 'nothing is lost: what is here stays here, and the next sync goes on; see by hand: git ls-remote ADDRESS';
const MAY_NOT_WRITE = 'nothing is lost: what is here stays here; ask who owns the remote for the right to push, then: autoresearch sync';

/** What went wrong, in the words of the kinds of git hosts, and what to do. The first that fits counts. */
const CAUSES: readonly (readonly [ErrorCode, RegExp, string])[] = [
  [
    'REMOTE_DENIED',
    /authentication failed|permission denied|could not read username|terminal prompts disabled|access denied|not authorized|HTTP 40[13]|error: 40[13]/i,
    'see that your own git may do it: git ls-remote ADDRESS; passwords come from a credential helper, never from a question',
  ],
  [
    'REMOTE_UNREACHABLE',
    /certificate|SSL/,
    'tell git who has signed the certificate of the host: git config http.sslCAInfo FILE, or GIT_SSL_CAINFO=FILE',
  ],
  [
    'REMOTE_UNREACHABLE',
    /could not resolve|connection (refused|reset|timed out)|network is unreachable|no route to host|timed? ?out|block timeout|does not appear to be a git repository|repository .* not found|does not exist|could not read from remote|unable to access|early EOF|hung up/i,
    ANYTHING_ELSE,
  ],
  [
    'REMOTE_REFUSED',
    /rejected|hidden ref|pre-receive|hook declined|funny ref|not allowed|prohibited|denied|stale info|failed to update/i,
    'the host has rules for pushes: see what it says, or use its branches: remote: { namespace: heads }',
  ],
];

/** An error of git about a remote, in our words. `doing` is such as "fetching from origin". */
export function problemOf(doing: string, error: unknown): AutoresearchError {
  const text = messageOf(error);
  const [code, , hint] = CAUSES.find(([, pattern]) => pattern.test(text)) ?? ['REMOTE_UNREACHABLE', null, ANYTHING_ELSE];
  const next = code === 'REMOTE_DENIED' && doing.startsWith('pushing') ? MAY_NOT_WRITE : hint;
  return new AutoresearchError(code, `${doing} failed: ${withoutLogin(reasonOf(text))}`, { hint: next, cause: error });
}

/** The line in which git says why, without its advice. */
export function reasonOf(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('hint:'));
  return lines.find((line) => /rejected|fatal|error|denied|could not/i.test(line))?.trim() ?? lines[0] ?? 'for an unknown reason';
}

export function withoutLogin(text: string): string {
  return text.replaceAll(/(\w+:\/\/)[^/@\s]+@/g, '$1');
}
