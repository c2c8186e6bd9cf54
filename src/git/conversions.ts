import type { Git } from './git.ts';

const ATTRIBUTES = ['text', 'eol', 'crlf', 'filter', 'ident', 'working-tree-encoding', 'merge'];

/** Which files git stores otherwise than they lie in the worktree, with other line ends, through a filter such as git-lfs; or merges in a way of its own. */
export class Conversions {
  readonly #git: Git;
  #isForAll: Promise<boolean> | null = null;
  readonly #found = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(git: Git) {
    this.#git = git;
  }

  /** Whether all are, whatever their attributes say. */
  isForAll(): Promise<boolean> {
    this.#isForAll ??= this.#git
      .ask(['config', '--get', 'core.autocrlf'], { accept: [1] })
      .then(({ out }) => /true|input|1|yes|on/i.test(out));
    return this.#isForAll;
  }

  /** Those of `files`; asked again where a file of attributes is another one. */
  of(files: readonly { readonly path: string; readonly id: string }[]): Promise<ReadonlySet<string>> {
    const key = files
      .filter(({ path }) => /(^|\/)\.gitattributes$/.test(path))
      .map(({ path, id }) => `${path} ${id}`)
      .join();
    const known = this.#found.get(key) ?? this.#ask(files.map(({ path }) => path));
    this.#found.set(key, known);
    return known;
  }

  async #ask(paths: readonly string[]): Promise<ReadonlySet<string>> {
    const out = await this.#git.run(['check-attr', '-z', '--stdin', ...ATTRIBUTES], { input: paths.map((path) => `${path}\0`).join('') });
    const found = new Set<string>();
    const fields = out.split('\0');
    for (let at = 0; at + 2 < fields.length; at += 3) {
      const [path = '', attribute, value = ''] = fields.slice(at, at + 3);
      if (value !== 'unspecified' && (value !== 'unset' || attribute === 'merge')) found.add(path);
    }
    return found;
  }
}
