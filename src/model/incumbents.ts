import type { Audit, RunView, Summary } from '../contract/run-view.ts';

type Decided = Pick<Summary, 'id' | 'verdict'>;

/** What a rollback makes the incumbent again. */
export function rollbackTarget({ back, anchor }: Pick<Audit, 'back' | 'anchor'>): Audit['anchor'] {
  return back ?? anchor;
}

/** May a later rollback go back to the audited commit? Not if the audit failed or could not be done. */
export function confirms({ rolledBack, failures, claim }: Audit): boolean {
  return !rolledBack && failures.length === 0 && claim.shown !== 'loss' && claim.df > 0;
}

/** Which experiment was the incumbent when, folded in the order of the decisions: a keep makes one, an audit may undo it. */
export class Incumbents {
  /** The keeps that stand, oldest first: the last one is the incumbent. */
  readonly #standing: number[] = [];
  readonly #undone = new Set<number>();

  settle({ id, verdict }: Decided): void {
    if (verdict === 'keep') this.#standing.push(id);
  }

  audit(audit: Pick<Audit, 'rolledBack' | 'back' | 'anchor'>): void {
    if (!audit.rolledBack) return;
    const target = this.#standing.lastIndexOf(rollbackTarget(audit).id);
    if (target < 0) return;
    for (const id of this.#standing.splice(target + 1)) this.#undone.add(id);
  }

  get current(): number | undefined {
    return this.#standing.at(-1);
  }

  /** The keeps that audits took back, with all keeps built on them, in the order in which they were kept. */
  get undone(): ReadonlySet<number> {
    return this.#undone;
  }
}

/** The incumbents after a whole history. Audits are in their order, and each comes after the experiment it audited. */
export function incumbentsOf(
  history: readonly Decided[],
  audits: readonly Pick<Audit, 'final' | 'rolledBack' | 'back' | 'anchor'>[],
): Incumbents {
  const incumbents = new Incumbents();
  const positions = new Map(audits.length === 0 ? [] : history.map(({ id }, position) => [id, position]));
  let next = 0;
  for (const audit of audits) {
    // A rollback makes an earlier experiment the incumbent, which may be audited again.
    const end = Math.max(next, (positions.get(audit.final.id) ?? -1) + 1);
    for (const decided of history.slice(next, end)) incumbents.settle(decided);
    next = end;
    incumbents.audit(audit);
  }
  for (const decided of history.slice(next)) incumbents.settle(decided);
  return incumbents;
}

/** Keeps that audits took back, with all keeps built on them, by their numbers. */
export function undoneKeeps({ history, audits }: Pick<RunView, 'history' | 'audits'>): ReadonlySet<number> {
  return incumbentsOf(history, audits).undone;
}

/** Tells, experiment by experiment, the commit of the incumbent that each one was compared with. */
export class IncumbentCommits {
  readonly #commits = new Map<number, string | null>();

  /** Takes in the next experiment. Without a number of its incumbent, it was compared with what it was made on. */
  follow({
    id,
    verdict,
    candidate,
    incumbent,
    parent,
  }: Pick<Summary, 'id' | 'verdict' | 'candidate' | 'incumbent' | 'parent'>): string | null {
    if (verdict === 'keep') this.#commits.set(id, candidate);
    return (incumbent === null ? null : this.#commits.get(incumbent)) ?? parent;
  }
}
