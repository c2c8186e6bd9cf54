import { join, relative } from 'node:path';
import type { Config } from '../../config/types.ts';
import type { Reason } from '../../experiment.ts';
import type { Repository } from '../../git/repository.ts';
import { sharedSteeringFiles } from '../../git/worktree-folder.ts';
import type { Log } from '../../plugin.ts';
import { resolvePath } from '../../sandbox/paths.ts';
import type { Layer } from '../../sandbox/probe.ts';
import { dataPaths } from '../../sandbox/stage-links.ts';
import { isHarmlessChange } from '../../seals/git-config.ts';
import { PersonsOwn } from '../../seals/persons-own.ts';
import { Seal, type Break } from '../../seals/seal.ts';
import { dataDirOf } from '../slots/run-paths.ts';

interface Input {
  readonly config: Config;
  readonly repository: Repository;
  readonly layer: Layer;
  readonly runDir: string;
  readonly log: Log;
}

const CONFIG_FILES = ['yaml', 'yml', 'json'].map((ending) => `autoresearch.config.${ending}`);

/** `isUnsure` where others worked at the same time: nobody can tell which of them it was. */
export interface Suspicion extends Reason {
  readonly isUnsure?: true;
}

/** Of what all agents and trials of a run could reach without a sandbox: the user's data, git's settings, the config. */
export class SharedSeals {
  readonly config: Config;
  /** Is there no sandbox that keeps these files? */
  readonly isOpen: boolean;
  /** Set if something cannot be restored: later measurements could not be compared with earlier ones. */
  lasting: Reason | null = null;
  readonly #input: Input;
  readonly #git: Seal | null;
  readonly #data: Seal | null;
  readonly #persons: PersonsOwn | null;
  readonly #atWork = new Set<object>();
  /** Those at work when a shared file changed and nobody can tell by whom: what they measured does not count. */
  readonly #doubtful = new Map<object, Reason>();

  constructor(input: Input) {
    const { config, repository, layer, runDir } = input;
    this.config = config;
    this.isOpen = layer === 'none';
    this.#input = input;
    const isSame = (_path: string, before: Buffer, after: Buffer) => isHarmlessChange(before, after);
    this.#git = this.isOpen ? new Seal(sharedSteeringFiles(repository.commonDir), { isSame }) : null;
    const except = config.workspace.writable.map((path) => resolvePath(path, repository.projectDir));
    const sealed = [...dataPaths(config, repository.projectDir), dataDirOf(runDir)];
    this.#data = this.isOpen ? new Seal(sealed, { except }) : null;
    const own = [...CONFIG_FILES, ...(config.program === undefined ? [] : [config.program])];
    const paths = own.map((path) => join(repository.projectDir, path));
    this.#persons = this.isOpen ? new PersonsOwn(repository, paths, join(runDir, 'before')) : null;
  }

  begin(who: object): void {
    this.#atWork.add(who);
  }

  end(who: object): void {
    this.#atWork.delete(who);
    this.#doubtful.delete(who);
  }

  renewData(): void {
    this.#data?.renew();
  }

  /** Compares the files after `who` has worked, and restores what has changed. */
  check(who: object, when: string): Suspicion | null {
    const before = this.#doubtful.get(who);
    this.end(who);
    const reason = this.mend([this.#git, this.#data], when);
    if (reason !== null) for (const other of this.#atWork) this.#doubtful.set(other, reason);
    const found = reason ?? before;
    if (found === undefined) return null;
    return this.#atWork.size > 0 || before !== undefined ? { ...found, isUnsure: true } : found;
  }

  async tellOfPersonsOwn(): Promise<void> {
    for (const change of (await this.#persons?.changes()) ?? []) this.#input.log.warn(`${change}: yours, unless you did not do it`);
  }

  /** Restores what has changed, and names it. */
  mend(seals: readonly (Seal | null)[], when: string): Reason | null {
    const { repository, runDir, log } = this.#input;
    const keepDir = join(runDir, 'tampered');
    const found: Break[] = [];
    const left: Break[] = [];
    for (const seal of seals) {
      const breaks = seal?.breaks() ?? [];
      found.push(...breaks);
      left.push(...(seal?.mend(breaks, keepDir) ?? []));
    }
    if (found.length === 0) return null;
    const nameOf = ({ path, how }: Break) => `${relative(repository.projectDir, path)}${how === 'changed' ? '' : ` (${how})`}`;
    const reason: Reason = { code: 'TAMPERED', text: `${listed(found.map(nameOf))} changed while ${when}` };
    log.warn(
      `${reason.code} ${reason.text}${found.length > left.length ? `; put back as it was, and what was there is in ${keepDir}` : ''}`,
    );
    if (left.length > 0) {
      const paths = listed(left.map(nameOf));
      this.lasting = { code: 'DATA_CHANGED', text: `${paths} changed while ${when}, and is too large to be put back` };
    }
    return reason;
  }
}

/** The first paths of a list, for a sentence. */
export function listed(paths: readonly string[]): string {
  return paths.slice(0, 3).join(', ') + (paths.length > 3 ? ` and ${paths.length - 3} more` : '');
}
