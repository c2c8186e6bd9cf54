import type { Git } from './git.ts';

/** The user's `user.name` and `user.email` in git; null if git has no name. */
export async function readIdentity(git: Git): Promise<{ name: string; email: string | null } | null> {
  const read = async (key: string) => (await git.ask(['config', '--get', key], { accept: [1] })).out.trim();
  const [name, email] = [await read('user.name'), await read('user.email')];
  return name === '' ? null : { name, email: email || null };
}
