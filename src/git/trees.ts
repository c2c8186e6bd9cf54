import type { KnownFile } from './look.ts';
import type { ObjectWriter } from './objects.ts';

/**
 * Writes the trees of a commit's files, which are sorted as in the index, and gives the id of the topmost one. Those that
 * hold no changed file are there already.
 */
export function writeTrees(
  objects: Pick<ObjectWriter, 'write' | 'idOf'>,
  files: readonly KnownFile[],
  changed: ReadonlySet<string>,
): string {
  let next = 0;
  const treeOf = (folder: string): { id: string; isChanged: boolean } => {
    const rows: Buffer[] = [];
    let isChanged = false;
    for (let file = files[next]; file?.path.startsWith(folder) === true; file = files[next]) {
      const rest = file.path.slice(folder.length);
      const slash = rest.indexOf('/');
      if (slash < 0) {
        next++;
        isChanged ||= changed.has(file.path);
        rows.push(Buffer.from(`${file.mode.toString(8)} ${rest}\0`), Buffer.from(file.id, 'hex'));
        continue;
      }
      const inner = treeOf(folder + rest.slice(0, slash + 1));
      isChanged ||= inner.isChanged;
      rows.push(Buffer.from(`40000 ${rest.slice(0, slash)}\0`), Buffer.from(inner.id, 'hex'));
    }
    const tree = Buffer.concat(rows);
    return { id: isChanged ? objects.write('tree', tree) : objects.idOf('tree', tree), isChanged };
  };
  return treeOf('').id;
}
