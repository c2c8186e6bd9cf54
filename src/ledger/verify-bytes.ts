import { createHash } from 'node:crypto';
import type { Git } from '../git/git.ts';
import { readObjects, type Entry } from './read.ts';

/** Entries whose logs are held in memory together. */
const CHUNK = 500;

/** Hashes the entries anew, down to their files: git itself does not, when it reads an object. */
export async function checkBytes(git: Git, entries: readonly Entry[]): Promise<string[]> {
  const problems: string[] = [];
  for (let at = 0; at < entries.length; at += CHUNK) {
    const chunk = entries.slice(at, at + CHUNK);
    const objects = await readObjects(
      git,
      chunk.flatMap(({ commit }) => [commit, `${commit}:record.json`, `${commit}:log.txt`]),
    );
    chunk.forEach(({ commit }, index) => {
      const [entry, record, log] = objects.slice(index * 3, index * 3 + 3).map((object) => object?.text ?? '');
      if (!isWhole(commit, entry ?? '', { record: record ?? '', log: log ?? '' })) problems.push(`ledger commit ${commit} does not hold what was written`);
    });
  }
  return problems;
}

function isWhole(commit: string, entry: string, { record, log }: { record: string; log: string }): boolean {
  const hash = (type: string, content: Buffer) => createHash(commit.length === 40 ? 'sha1' : 'sha256').update(`${type} ${content.length}\0`).update(content).digest();
  const file = (name: string, text: string) => Buffer.concat([Buffer.from(`100644 ${name}\0`), hash('blob', Buffer.from(text))]);
  const tree = hash('tree', Buffer.concat([file('log.txt', log), file('record.json', record)])).toString('hex');
  return hash('commit', Buffer.from(entry)).toString('hex') === commit && entry.startsWith(`tree ${tree}\n`);
}
