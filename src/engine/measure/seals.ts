import { join, relative } from 'node:path';
import type { Config } from '../../config/types.ts';
import type { CommittedExperiment, Reason } from '../../experiment.ts';
import type { Repository } from '../../git/repository.ts';
import type { Worktree } from '../../git/worktree.ts';
import type { Log } from '../../plugin.ts';
import { dataDirOf } from '../slots/places.ts';
import { resolvePath } from '../../sandbox/paths.ts';
import type { Layer } from '../../sandbox/probe.ts';
import { dataPaths } from '../../sandbox/stage-links.ts';
import { createPathRule } from '../../scope.ts';
import { isHarmlessChange } from '../../seals/git-config.ts';
import { PersonsOwn } from '../../seals/persons-own.ts';
import { Seal, type Break } from '../../seals/seal.ts';

interface SealsInput {
  readonly config: Config;
  readonly repository: Repository;
  readonly worktree: Worktree;
  readonly layer: Layer;
  readonly runDir: string;
  readonly log: Log;
}

const CONFIG_FILES = ['yaml', 'yml', 'json'].map((ending) => `autoresearch.config.${ending}`);

const HINT = 'list it under workspace.outputs where the trainer is meant to write it';

/**
 * Finds forbidden changes by an agent or a trial, with or without a sandbox that should prevent them, and restores
 * the original. If the sandbox had made the file read-only, a process outside the run has changed it.
 */
export class Seals {
  /** Set if something cannot be restored: later measurements could not be compared with earlier ones. */
  lasting: Reason | null = null;
  readonly #input: SealsInput;
  readonly #mayEdit: (path: string) => boolean;
  readonly #git: Seal | null;
  readonly #data: Seal | null;
  readonly #persons: PersonsOwn | null;

  constructor(input: SealsInput) {
    const { config, repository, worktree, layer } = input;
    const isOpen = layer === 'none';
    const data = dataPaths(config, repository.projectDir);
    this.#input = input;
    this.#mayEdit = createPathRule(config.scope);
    this.#git = isOpen ? new Seal(worktree.steeringFiles(), { isSame: (_path, before, after) => isHarmlessChange(before, after) }) : null;
    const except = config.workspace.writable.map((path) => resolvePath(path, repository.projectDir));
    const sealed = [...data, dataDirOf(input.runDir)];
    this.#data = isOpen ? new Seal(sealed, { except }) : null;
    const own = [...CONFIG_FILES, ...(config.program === undefined ? [] : [config.program])];
    const paths = own.map((path) => join(repository.projectDir, path));
    this.#persons = isOpen ? new PersonsOwn(repository, paths, join(input.runDir, 'before')) : null;
  }

  /** After a proposal: the scope gate checks the files of the worktree. */
  afterProposal(): Reason | null {
    return this.#outside('the agent ran');
  }

  async afterTrial({ candidate, parent, id }: CommittedExperiment): Promise<Reason | null> {
    // Git's own configuration is checked before git is used.
    const isBaseline = id === 0 && candidate === parent;
    if (isBaseline) this.#data?.renew();
    const outside = this.#outside('the trial ran');
    for (const change of (await this.#persons?.changes()) ?? []) this.#input.log.warn(`${change}: yours, unless you did not do it`);
    const touched = (await this.#input.worktree.touched(candidate)).filter((path) => !this.#mayEdit(path));
    if (touched.length > 0) return tampered(touched, 'the trial ran', isBaseline ? HINT : undefined);
    return outside;
  }

  #outside(when: string): Reason | null {
    const { repository, runDir, log } = this.#input;
    const keepDir = join(runDir, 'tampered');
    const found: Break[] = [];
    const left: Break[] = [];
    for (const seal of [this.#git, this.#data]) {
      const breaks = seal?.breaks() ?? [];
      found.push(...breaks);
      left.push(...(seal?.mend(breaks, keepDir) ?? []));
    }
    if (found.length === 0) return null;
    const nameOf = ({ path, how }: Break) => `${relative(repository.projectDir, path)}${how === 'changed' ? '' : ` (${how})`}`;
    const reason = tampered(found.map(nameOf), when);
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

function tampered(paths: readonly string[], when: string, hint?: string): Reason {
  return { code: 'TAMPERED', text: [`${listed(paths)} changed while ${when}`, hint].filter(Boolean).join('; ') };
}

function listed(paths: readonly string[]): string {
  return paths.slice(0, 3).join(', ') + (paths.length > 3 ? ` and ${paths.length - 3} more` : '');
}
