/** What a run writes down before the ledger has it, so that a kill loses nothing. */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CommittedExperiment, ProposedExperiment, Trial } from '../experiment.ts';
import { namesIfThere } from '../read-if-there.ts';
import { countForeign, readSigned, SignedFile } from './signed-file.ts';

/** An experiment that is not settled. */
export type InFlight = ProposedExperiment | CommittedExperiment;

/** An experiment in flight with the desk or slot that has its files; a run of an earlier version had one. */
export interface Left {
  readonly experiment: InFlight;
  readonly place: string | undefined;
}

/** A trial of a measurement that is no experiment, such as an audit; `of` says which. */
interface TrialLine {
  readonly of: string;
  readonly trial: Trial;
}

/** The trials of an audit or ablation until its record is in the ledger. */
export class MeasurementFile {
  readonly #file: SignedFile;
  readonly #keyFile: string;

  constructor(file: string) {
    this.#keyFile = keyFileOf(dirname(file));
    this.#file = new SignedFile(file, this.#keyFile);
  }

  /** The trial of a commit with a seed: the one that a session before this has made, else one made now. */
  async trial(of: string, { commit, seed }: Pick<Trial, 'commit' | 'seed'>, measure: () => Promise<Trial>): Promise<Trial> {
    const lines = readSigned(this.#file.file, this.#keyFile).flatMap(({ value }) => (value !== null && isTrialLine(value) ? [value] : []));
    const before = lines.find((line) => line.of === of && line.trial.commit === commit && line.trial.seed === seed);
    if (before !== undefined) return before.trial;
    const trial = await measure();
    this.#file.append({ of, trial } satisfies TrialLine);
    return trial;
  }

  clear(): void {
    this.#file.clear();
  }

  close(): void {
    this.#file.close();
  }
}

/** The write-ahead files of a run: one for each experiment in flight, with all of its states, and one for the trials of an audit. */
export class WriteAhead {
  readonly measurements: MeasurementFile;
  readonly #runDir: string;
  readonly #open = new Map<number, SignedFile>();

  constructor(runDir: string) {
    this.#runDir = runDir;
    this.measurements = new MeasurementFile(measurementsOf(runDir));
  }

  /** `place` is the name of the desk or slot whose worktree holds the experiment. */
  write(experiment: InFlight, place: string): void {
    const { id } = experiment;
    const file = this.#open.get(id) ?? new SignedFile(fileOf(this.#runDir, id), keyFileOf(this.#runDir));
    this.#open.set(id, file);
    file.append({ ...experiment, place });
  }

  /** The ledger has it. */
  forget(id: number): void {
    this.#open.get(id)?.close();
    this.#open.delete(id);
    rmSync(fileOf(this.#runDir, id), { force: true });
  }

  close(): void {
    for (const file of this.#open.values()) file.close();
    this.measurements.close();
  }
}

/** The last state written of each experiment that is not settled yet, by their ids. */
export function readInFlight(runDir: string, isSettled: (id: number) => boolean): Left[] {
  const last = new Map<number, Left>();
  for (const file of filesOf(runDir)) {
    for (const { value } of readSigned(file, keyFileOf(runDir))) {
      if (value === null || !isState(value) || isSettled(value.id)) continue;
      const { place, ...experiment } = value;
      last.set(value.id, { experiment, place });
    }
  }
  return [...last.values()].toSorted((a, b) => a.experiment.id - b.experiment.id);
}

/** The number of whole lines that this run has not signed. */
export function countForeignLines(runDir: string): number {
  return filesOf(runDir).reduce((sum, file) => sum + countForeign(file, keyFileOf(runDir)), 0);
}

/** Removes the files of experiments that are settled: a kill can come between the ledger and their removal. */
export function removeSettled(runDir: string, isSettled: (id: number) => boolean): void {
  for (const name of namesIn(folderOf(runDir))) {
    if (isSettled(Number.parseInt(name, 10))) rmSync(join(folderOf(runDir), name), { force: true });
  }
}

/** Earlier versions had one file for everything, which is still read. */
function filesOf(runDir: string): string[] {
  return [measurementsOf(runDir), ...namesIn(folderOf(runDir)).map((name) => join(folderOf(runDir), name))];
}

function namesIn(folder: string): string[] {
  return namesIfThere(folder).filter((name) => /^\d+\.jsonl$/.test(name));
}

function isState(value: object): value is InFlight & { readonly place?: string } {
  return 'id' in value && typeof value.id === 'number' && 'state' in value;
}

function isTrialLine(value: object): value is TrialLine {
  return 'of' in value && 'trial' in value;
}

const folderOf = (runDir: string) => join(runDir, 'wal');
const fileOf = (runDir: string, id: number) => join(folderOf(runDir), `${id}.jsonl`);
const measurementsOf = (runDir: string) => join(runDir, 'wal.jsonl');
export const keyFileOf = (runDir: string) => join(runDir, 'wal.key');
