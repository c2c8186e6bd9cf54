import { AutoresearchError } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { readIdentity } from '../git/identity.ts';
import { oneLine } from '../ledger/message.ts';
import type { Reviewer } from '../ledger/review-records.ts';

/** The person who decides: `--as "Ada <ada@example.org>"`, else git's user. */
export async function findReviewer(git: Git, as: string | undefined): Promise<Reviewer> {
  const found = as === undefined ? await readIdentity(git) : parseReviewer(as);
  const name = oneLine(found?.name ?? '', 200);
  if (name === '') {
    throw new AutoresearchError('USAGE', as === undefined ? 'it is not known who decides: git has no user.name' : `"${as}" names nobody`, {
      hint: 'git config user.name "Ada Lovelace", or --as "Ada Lovelace <ada@example.org>"',
    });
  }
  const email = oneLine(found?.email ?? '', 200);
  return { name, email: email === '' ? null : email };
}

/** Who gives a hint: that is no decision on anybody's work, so it may be somebody without a name. */
export async function hintGiver(git: Git, as: string | undefined): Promise<Reviewer> {
  if (as !== undefined) return findReviewer(git, as);
  const found = await readIdentity(git);
  return found === null || oneLine(found.name) === '' ? { name: 'unknown', email: null } : findReviewer(git, undefined);
}

function parseReviewer(text: string): Reviewer {
  const [, name = text, email = null] = /^([^<>]*)<([^<>]*)>\s*$/.exec(text) ?? [];
  return { name: name.trim(), email };
}

/** `Ada Lovelace <ada@example.org>` */
export function nameOf({ name, email }: Reviewer): string {
  return email === null ? name : `${name} <${email}>`;
}
