/** Signatures in the form of `ssh-keygen -Y sign -n git`, which git makes and checks itself: PROTOCOL.sshsig of OpenSSH. */
import { createHash, sign, verify } from 'node:crypto';
import { blobOf, verifier, type NodeKey } from './ssh-key.ts';
import { Fields, field } from './wire.ts';

const MAGIC = Buffer.from('SSHSIG');
const SPACE = 'git';
const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';

/** Signs a text; gives the signature in lines, the last one without its end. */
export function signText(text: Buffer | string, { publicKey, secret }: NodeKey): string {
  const signature = sign(null, signedBytes(text, 'sha512'), secret);
  const version = Buffer.from([0, 0, 0, 1]);
  const inner = Buffer.concat([field('ssh-ed25519'), field(signature)]);
  const bytes = [MAGIC, version, field(blobOf(publicKey)), field(SPACE), field(''), field('sha512'), field(inner)];
  const lines =
    Buffer.concat(bytes)
      .toString('base64')
      .match(/.{1,70}/g) ?? [];
  return [BEGIN, ...lines, END].join('\n');
}

/** Was this text signed with the key of `publicKey`, for git? Anything that is no such signature is false. */
export function isSignedBy(text: Buffer | string, armored: string, publicKey: string): boolean {
  const [start, end] = [armored.indexOf(BEGIN), armored.indexOf(END)];
  const key = verifier(publicKey);
  if (start < 0 || end < start || key === null) return false;
  try {
    const bytes = Buffer.from(armored.slice(start + BEGIN.length, end), 'base64');
    if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return false;
    const outer = new Fields(bytes, MAGIC.length);
    const version = outer.number();
    const [blob, space, , hash, signature] = [outer.next(), outer.next().toString(), outer.next(), outer.next().toString(), outer.next()];
    if (version !== 1 || space !== SPACE || !blob.equals(blobOf(publicKey)) || !['sha256', 'sha512'].includes(hash)) return false;
    const inner = new Fields(signature);
    return inner.next().toString() === 'ssh-ed25519' && verify(null, signedBytes(text, hash), key, inner.next());
  } catch {
    return false;
  }
}

function signedBytes(text: Buffer | string, hash: string): Buffer {
  return Buffer.concat([MAGIC, field(SPACE), field(''), field(hash), field(createHash(hash).update(text).digest())]);
}
