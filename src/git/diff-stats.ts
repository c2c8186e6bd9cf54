import type { DiffStat } from '../experiment.ts';
import type { Git } from './git.ts';
import type { Service } from './service.ts';

/** Git repeats a line that names no object; as a field of its own it cannot be a part of a path. */
const END = 'end\n';

/** How many lines changes add and remove, with one git process for many changes. */
export class DiffStats {
  readonly #service: Service;

  constructor(git: Git) {
    this.#service = git.serve(['diff-tree', '-r', '--no-renames', '--numstat', '-z', '--no-commit-id', '--stdin']);
  }

  async of(parent: string, candidate: string): Promise<DiffStat> {
    const answer = await this.#service.ask(`${candidate} ${parent}\n${END}`, lengthOf);
    return sumOf(answer.toString('latin1', 0, answer.length - END.length));
  }

  end(): void {
    this.#service.end();
  }
}

function lengthOf(out: Buffer): number {
  if (out.equals(Buffer.from(END))) return END.length;
  const at = out.indexOf(`\0${END}`);
  return at < 0 ? -1 : at + 1 + END.length;
}

function sumOf(out: string): DiffStat {
  const rows = out
    .split('\0')
    .filter(Boolean)
    .map((row) => row.split('\t'));
  const sum = (column: number) => rows.reduce((total, row) => total + (Number(row[column]) || 0), 0);
  return { files: rows.length, added: sum(0), removed: sum(1) };
}
