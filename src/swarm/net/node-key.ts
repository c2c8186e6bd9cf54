import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { createHash } from 'node:crypto';
import { AutoresearchError } from '../../errors.ts';
import { makeFolders } from '../../folders.ts';
import { blobOf, makePrivateKey, readPrivateKey, type NodeKey } from '../../git/signature/ssh-key.ts';

/** In the run's own folder, which no trial in a sandbox sees. */
const fileOf = (runDir: string) => join(runDir, 'node.key');

/** The key of this node; made where there is none. @throws AutoresearchError SWARM_KEY_INVALID */
export function nodeKey(runDir: string): NodeKey {
  const file = fileOf(runDir);
  try {
    makeFolders(dirname(file));
    writeFileSync(file, makePrivateKey(`autoresearch node on ${hostname()}`), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const key = readPrivateKey(readFileSync(file, 'utf8'));
  if (key !== null) return key;
  throw new AutoresearchError('SWARM_KEY_INVALID', `${file} is no ssh-ed25519 key without a passphrase`, {
    hint: 'put the right key there; or move the file away and join under another name: autoresearch join URL --node NAME',
  });
}

/** A name for a node that was given none: the machine's, and some letters of the key, since a machine can have several nodes. */
export function nameFor({ publicKey }: NodeKey, host = hostname()): string {
  const machine = host
    .toLowerCase()
    .replace(/\..*/, '')
    .replaceAll(/[^a-z0-9-]/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 24);
  return `${machine || 'node'}-${createHash('sha256').update(blobOf(publicKey)).digest('hex').slice(0, 4)}`;
}
