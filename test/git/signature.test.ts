import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openGit } from '../../src/git/git.ts';
import { ObjectWriter } from '../../src/git/objects.ts';
import { isCommitSignedBy, signCommit } from '../../src/git/signature/signed-commit.ts';
import { makePrivateKey, parsePublicKey, readPrivateKey, type NodeKey } from '../../src/git/signature/ssh-key.ts';
import { isSignedBy, signText } from '../../src/git/signature/ssh-signature.ts';
import { makeFolder, makeRepo } from '../helpers/repo.ts';

function makeKey(dir: string, name = 'key', ...more: string[]): { file: string; key: NodeKey | null } {
  const file = join(dir, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'a comment', '-f', file, ...more]);
  return { file, key: readPrivateKey(readFileSync(file, 'utf8')) };
}

function keyOf(dir: string, name?: string): NodeKey {
  const { key } = makeKey(dir, name);
  if (key === null) throw new Error('the key could not be read');
  return key;
}

describe('signatures of commits', () => {
  it('are what git verify-commit accepts, and git makes what we accept', async () => {
    const repo = makeRepo({ 'a.txt': 'a\n' });
    const { file, key } = makeKey(makeFolder());
    if (key === null) throw new Error('the key could not be read');
    const signers = join(makeFolder(), 'signers');
    writeFileSync(signers, `b2 namespaces="git" ${key.publicKey}\n`);
    repo.git('config', 'gpg.ssh.allowedSignersFile', signers);

    const text = repo.git('cat-file', 'commit', 'HEAD');
    const writer = await ObjectWriter.open(openGit(repo.dir));
    const ours = writer.write('commit', signCommit(text, key, 'sha1'));
    repo.git('verify-commit', ours);
    expect(isCommitSignedBy(Buffer.from(repo.git('cat-file', 'commit', ours)), key.publicKey, 'sha1')).toBe(true);

    repo.git('-c', 'gpg.format=ssh', '-c', `user.signingKey=${file}`, 'commit', '-q', '-S', '--allow-empty', '-m', 'by git');
    expect(isCommitSignedBy(Buffer.from(repo.git('cat-file', 'commit', 'HEAD')), key.publicKey, 'sha1')).toBe(true);
    expect(isCommitSignedBy(Buffer.from(text), key.publicKey, 'sha1')).toBe(false);
  });

  it('do not survive any change of a byte, nor another key', () => {
    const dir = makeFolder();
    const [key, other] = [keyOf(dir, 'one'), keyOf(dir, 'two')];
    const commit = Buffer.from(signCommit('tree 0\nauthor a <a> 1 +0000\ncommitter a <a> 1 +0000\n\na title\n', key, 'sha1'));
    expect(isCommitSignedBy(commit, key.publicKey, 'sha1')).toBe(true);
    expect(isCommitSignedBy(commit, other.publicKey, 'sha1')).toBe(false);
    const signature = commit.indexOf('gpgsig');
    fc.assert(
      fc.property(fc.nat(commit.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Buffer.from(commit);
        changed[at] = (changed[at] ?? 0) ^ by;
        // The armour has bytes that mean nothing, such as the last bits of its base64.
        const isArmour = at >= signature && at < commit.indexOf('\n\n');
        if (!isArmour) expect(isCommitSignedBy(changed, key.publicKey, 'sha1')).toBe(false);
      }),
    );
  });

  it('are nothing where they are noise', () => {
    const key = keyOf(makeFolder());
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const noise = `-----BEGIN SSH SIGNATURE-----\n${Buffer.from(bytes).toString('base64')}\n-----END SSH SIGNATURE-----`;
        expect(isSignedBy('text', noise, key.publicKey)).toBe(false);
        expect(
          readPrivateKey(
            `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.from(bytes).toString('base64')}\n-----END OPENSSH PRIVATE KEY-----`,
          ),
        ).toBe(null);
        expect(parsePublicKey(`ssh-ed25519 ${Buffer.from(bytes).toString('base64')}`)).toBe(null);
      }),
    );
    expect(isSignedBy('text', signText('text', key), key.publicKey)).toBe(true);
  });

  it('can be made with a key of our own, which ssh-keygen reads', () => {
    const file = join(makeFolder(), 'key');
    const text = makePrivateKey('b2 of Ada');
    writeFileSync(file, text, { mode: 0o600 });
    const said = execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' });
    const key = readPrivateKey(text);
    expect(said.trim()).toBe(`${key?.publicKey} b2 of Ada`);
    expect(key && isSignedBy('text', signText('text', key), parsePublicKey(said) ?? '')).toBe(true);
  });

  it('need a key without a passphrase', () => {
    const dir = makeFolder();
    const { file } = makeKey(dir);
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', file]);
    expect(readPrivateKey(readFileSync(file, 'utf8'))).toBe(null);
  });
});
