import { writeFile } from 'node:fs/promises';
import type { TrialTree } from '../contract/remote.ts';
import type { Git } from './git.ts';

/** The files of a commit, packed only where somebody asks for them. */
export function treeAt(git: Git, commit: string, prefix: string): TrialTree {
  const id = async () => (await git.run(['rev-parse', '--verify', `${commit}^{tree}`])).trim();
  return {
    prefix,
    id,
    async pack(file) {
      const tree = await id();
      const objects = await git.run(['rev-list', '--objects', '--no-object-names', tree]);
      const pack = await git.run(['pack-objects', '--stdout', '-q'], { input: objects, isLatin1: true });
      await writeFile(file, pack, 'latin1');
      return tree;
    },
  };
}
