import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from './repository.ts';

/** A branch of ours, the record, and what is in flight. */
const refsOf = (run: string) => [`refs/autoresearch/${run}`, `refs/heads/autoresearch/${run}`];

/**
 * Puts the loose objects that only this run has made into one pack, which takes a tenth of the room or less. Objects of the
 * person, those of earlier packs, and what nothing refers to stay as they are: `git gc` of the user decides about these.
 */
export async function packRun({ git, commonDir }: Repository, run: string, base: string): Promise<void> {
  const refs = (await git.run(['for-each-ref', '--format=%(objectname)', ...refsOf(run)])).split('\n').filter(Boolean);
  if (refs.length === 0) return;
  const input = [...new Set(refs), '--not', base, ''].join('\n');
  const settings = ['-c', 'pack.threads=1', '-c', 'pack.writeReverseIndex=false'];
  const made = await git.run(
    [
      ...settings,
      'pack-objects',
      '--revs',
      '--unpacked',
      '--non-empty',
      '--delta-base-offset',
      '-q',
      join(commonDir, 'objects', 'pack', 'pack'),
    ],
    { input },
  );
  // Removes only loose objects that are in a pack as well.
  if (made.trim() !== '') await git.run(['prune-packed', '-q']);
}

/** Changes when somebody packs the repository anew, or takes objects away: with their `gc`, most likely. */
export function packStamp({ commonDir }: Pick<Repository, 'commonDir'>): string {
  const folder = join(commonDir, 'objects', 'pack');
  const stat = statSync(folder, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? '' : `${stat.mtimeNs} ${readdirSync(folder).length}`;
}

/** Are all objects there that the run's record and its candidate in flight need? Reads no file of them but trees. */
export async function isComplete({ git }: Repository, run: string, base: string, candidate: string): Promise<boolean> {
  const tips = [`refs/autoresearch/${run}/ledger`, candidate];
  const { code } = await git.ask(['rev-list', '--objects', '--quiet', ...tips, '--not', base, '--'], { accept: [1, 128] });
  return code === 0;
}
