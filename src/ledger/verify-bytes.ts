import type { Git } from '../git/git.ts';
import { hashObject, treeOfFiles, type ObjectType } from '../git/objects.ts';
import { readObjects, type Entry } from './read.ts';

/** What an entry's tree can hold, in git's order; items are not always there. */
const FILES = ['items.json', 'log.txt', 'record.json'];

/** Entries whose logs are held in memory together. */
const CHUNK = 500;

/** Hashes the entries and their files again, because git does not check hashes when it reads an object. */
export async function checkBytes(git: Git, entries: readonly Entry[]): Promise<string[]> {
  const problems: string[] = [];
  for (let at = 0; at < entries.length; at += CHUNK) {
    const chunk = entries.slice(at, at + CHUNK);
    const names = chunk.flatMap(({ commit }) => [commit, ...FILES.map((file) => `${commit}:${file}`)]);
    const objects = await readObjects(git, names);
    chunk.forEach(({ commit }, index) => {
      const [entry, ...files] = objects.slice(index * (FILES.length + 1), (index + 1) * (FILES.length + 1)).map((object) => object?.text);
      if (!isWhole(commit, entry ?? '', files)) problems.push(`ledger commit ${commit} does not hold what was written`);
    });
  }
  return problems;
}

function isWhole(commit: string, entry: string, files: readonly (string | undefined)[]): boolean {
  const hash = (type: ObjectType, content: Buffer) => hashObject(type, content, commit.length === 40 ? 'sha1' : 'sha256').toString('hex');
  const held = FILES.flatMap((name, index) => {
    const text = files[index];
    return text === undefined ? [] : [{ name, id: hash('blob', Buffer.from(text)) }];
  });
  const tree = hash('tree', treeOfFiles(held));
  return hash('commit', Buffer.from(entry)) === commit && entry.startsWith(`tree ${tree}\n`);
}
