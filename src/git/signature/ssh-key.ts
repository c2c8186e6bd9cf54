/** Keys as ssh-keygen makes them: ed25519, without a passphrase, since nobody is there to type one. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { Fields, field } from './wire.ts';

const TYPE = 'ssh-ed25519';
const MAGIC = 'openssh-key-v1\0';

/** How the 32 bytes of a key begin in the form that Node reads. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

export interface NodeKey {
  /** `ssh-ed25519 AAAA…`, without a comment: what others know the node by. */
  readonly publicKey: string;
  readonly secret: KeyObject;
}

/** The private key of a file's text; null where it is of another kind, or has a passphrase. */
export function readPrivateKey(text: string): NodeKey | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)?.[1];
  if (body === undefined) return null;
  try {
    const bytes = Buffer.from(body, 'base64');
    if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
    const outer = new Fields(bytes, MAGIC.length);
    const [cipher, , ,] = [outer.next().toString(), outer.next(), outer.next(), outer.number()];
    if (cipher !== 'none') return null;
    const publicBlob = outer.next();
    const inner = new Fields(outer.next(), 8);
    if (inner.next().toString() !== TYPE) return null;
    inner.next();
    const seed = inner.next().subarray(0, 32);
    return {
      publicKey: `${TYPE} ${publicBlob.toString('base64')}`,
      secret: createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' }),
    };
  } catch {
    return null;
  }
}

/** The key of a line such as `ssh-ed25519 AAAA… a comment`, without its comment; null where it is none of this kind. */
export function parsePublicKey(line: string): string | null {
  const [type, base64 = ''] = line.trim().split(/\s+/);
  return type === TYPE && rawOf(Buffer.from(base64, 'base64')) !== null ? `${TYPE} ${base64}` : null;
}

/** The bytes of a public key as signatures hold them. */
export function blobOf(publicKey: string): Buffer {
  return Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
}

export function verifier(publicKey: string): KeyObject | null {
  const raw = rawOf(blobOf(publicKey));
  return raw && createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
}

function rawOf(blob: Buffer): Buffer | null {
  try {
    const fields = new Fields(blob);
    const [type, raw] = [fields.next().toString(), fields.next()];
    return type === TYPE && raw.length === 32 && blob.equals(Buffer.concat([field(TYPE), field(raw)])) ? raw : null;
  } catch {
    return null;
  }
}

/** A new key, in the form in which ssh-keygen keeps one. */
export function makePrivateKey(comment: string): string {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8.length);
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
  const blob = Buffer.concat([field(TYPE), field(raw)]);
  const check = randomBytes(4);
  const inner = Buffer.concat([check, check, field(TYPE), field(raw), field(Buffer.concat([seed, raw])), field(comment)]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const body = [Buffer.from(MAGIC), field('none'), field('none'), field(''), one, field(blob), field(Buffer.concat([inner, padding]))];
  const lines =
    Buffer.concat(body)
      .toString('base64')
      .match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}
