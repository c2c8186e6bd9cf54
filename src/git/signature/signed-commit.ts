import type { HashName } from '../objects.ts';
import type { NodeKey } from './ssh-key.ts';
import { isSignedBy, signText } from './ssh-signature.ts';

/** Puts the signature into the text of a commit, where git looks for it: as its last header. */
export function signCommit(text: string, key: NodeKey, hash: HashName): string {
  const end = text.indexOf('\n\n');
  const header = `${headerOf(hash)} ${signText(text, key).replaceAll('\n', '\n ')}`;
  return `${text.slice(0, end)}\n${header}${text.slice(end)}`;
}

/** Has the holder of a key signed this commit? `bytes` is what git stores. */
export function isCommitSignedBy(bytes: Buffer, publicKey: string, hash: HashName): boolean {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\n\n');
  const name = headerOf(hash);
  const start = text.indexOf(`\n${name} `);
  if (start < 0 || start > end) return false;
  // Lines that go on begin with a space.
  const stop = start + 1 + (/\n(?! )/.exec(text.slice(start + 1))?.index ?? 0);
  const signature = text.slice(start + 2 + name.length, stop).replaceAll('\n ', '\n');
  const payload = Buffer.from(text.slice(0, start) + text.slice(stop), 'latin1');
  return isSignedBy(payload, signature, publicKey);
}

function headerOf(hash: HashName): string {
  return hash === 'sha256' ? 'gpgsig-sha256' : 'gpgsig';
}
