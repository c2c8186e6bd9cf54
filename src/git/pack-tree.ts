import { writeFile } from 'node:fs/promises';
import type { TrialTree } from '../contract/remote.ts';
import type { Git } from './git.ts';

/** The files of a commit, packed only where somebody asks for them. */
export function treeAt(git: Git, commit: string, prefix: string): TrialTree {
  let known: Promise<string> | null = null;
  const id = () => {
    known ??= git.run(['rev-parse', '--verify', `${commit}^{tree}`]).then((text) => text.trim());
    known.catch(() => (known = null));
    return known;
  };
  return {
    prefix,
    id,
    async pack(file) {
      const packing = git.run(['pack-objects', '--revs', '--stdout', '-q'], { input: `${commit}^{tree}\n`, isLatin1: true });
      const [tree, pack] = await Promise.all([id(), packing]);
      await writeFile(file, pack, 'latin1');
      return tree;
    },
  };
}
