import { readObject } from './blobs.ts';
import type { HashName } from './objects.ts';
import type { Service } from './service.ts';

/** A file as a tree lists it. */
export interface TreeFile {
  readonly mode: number;
  readonly id: string;
}

interface Row extends TreeFile {
  readonly name: string;
}

const FOLDER = 0o40000;
const NUL = 0;
const SPACE = 32;
/** Trees that are remembered: those of a few commits with many folders. */
const MOST_TREES = 5000;

/** The files of commits, read from git's trees by a process of `cat-file --batch`. A tree that was read once is not read again. */
export class TreeFiles {
  readonly #batch: Service;
  readonly #trees = new Map<string, readonly Row[]>();

  constructor(batch: Service) {
    this.#batch = batch;
  }

  /** By path, submodules among them; null where the commit or one of its trees is not there. */
  async of(commit: string, hash: HashName): Promise<Map<string, TreeFile> | null> {
    const files = new Map<string, TreeFile>();
    const add = async (name: string, folder: string): Promise<boolean> => {
      const rows = await this.#rowsOf(name, hash);
      if (rows === null) return false;
      for (const { name: child, mode, id } of rows) {
        if (mode !== FOLDER) files.set(folder + child, { mode, id });
        else if (!(await add(id, `${folder}${child}/`))) return false;
      }
      return true;
    };
    return (await add(`${commit}^{tree}`, '')) ? files : null;
  }

  async #rowsOf(name: string, hash: HashName): Promise<readonly Row[] | null> {
    const known = this.#trees.get(name);
    if (known !== undefined) return known;
    const content = await readObject(this.#batch, name, 'tree');
    if (content === null) return null;
    const rows = rowsIn(content, hash === 'sha1' ? 20 : 32);
    if (this.#trees.size >= MOST_TREES) this.#trees.clear();
    this.#trees.set(name, rows);
    return rows;
  }
}

/** A tree is rows of `MODE NAME`, a NUL, and the id as bytes. */
function rowsIn(tree: Buffer, idLength: number): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < tree.length;) {
    const space = tree.indexOf(SPACE, at);
    const end = tree.indexOf(NUL, space);
    const mode = Number.parseInt(tree.toString('latin1', at, space), 8);
    at = end + 1 + idLength;
    rows.push({ mode, name: tree.toString('utf8', space + 1, end), id: tree.toString('hex', end + 1, at) });
  }
  return rows;
}
