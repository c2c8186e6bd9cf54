/** The sections of a live page, made when somebody looks at them and kept until the run has moved on. */
import type { SettledExperiment } from '../experiment.ts';
import type { Git } from '../git/git.ts';
import { readRecords, type RunRecord } from '../ledger/read.ts';
import { isExperiment } from '../ledger/records.ts';
import { auditsOfPage } from '../page/audits.ts';
import { cleanTexts } from '../page/clean.ts';
import { compromisesOf } from '../page/compromises.ts';
import { decideOf, toDecide } from '../page/decide.ts';
import type { PageSections, SectionName } from '../page/model.ts';
import type { Knob } from '../page/knobs.ts';
import { parametersOf } from '../page/parameters.ts';
import { rankedOf } from '../page/ranked.ts';
import { knobbed, readKnobs } from '../page/read-knobs.ts';
import { readExperimentsById } from '../page/read.ts';
import { setupOf } from '../page/setup.ts';
import type { PageSource } from '../page/source.ts';
import { timelineOf, timesOf, type Times } from '../page/timeline.ts';
import { tallyAgents } from '../views/agents.ts';
import { rankKeeps } from '../views/rank.ts';

/** So many records are read at a time: they are some kilobytes each. */
const PART = 500;

export class Sections {
  readonly #git: Git;
  readonly #record: () => RunRecord;
  readonly #source: () => PageSource;
  readonly #kept = new Map<SectionName, { readonly tip: string; readonly value: Promise<unknown> }>();
  /** What the tally of agents needs of each experiment, in the ledger's order. */
  readonly #lean: SettledExperiment[] = [];
  /** When each of them was proposed, measured and judged. */
  readonly #times: Times[] = [];
  readonly #knobs = new Map<number, readonly Knob[]>();
  #reading: Promise<void> = Promise.resolve();

  constructor(git: Git, record: () => RunRecord, source: () => PageSource) {
    this.#git = git;
    this.#record = record;
    this.#source = source;
  }

  read<K extends SectionName>(name: K): Promise<PageSections[K]> {
    const { tip } = this.#record();
    const kept = this.#kept.get(name);
    if (kept?.tip === tip) return kept.value as Promise<PageSections[K]>;
    const value = this.#make(name);
    this.#kept.set(name, { tip, value });
    value.catch(() => this.#kept.delete(name));
    return value as Promise<PageSections[K]>;
  }

  /** Drops a section that has changed though the ledger has not. */
  forget(name: SectionName): void {
    this.#kept.delete(name);
  }

  async #make(name: SectionName): Promise<PageSections[SectionName]> {
    const source = this.#source();
    switch (name) {
      case 'ranked':
        return cleanTexts(rankedOf(source));
      case 'audits':
        return auditsOfPage(source);
      case 'compromises':
        return cleanTexts(compromisesOf(source));
      case 'parameters':
        return cleanTexts(parametersOf(source.rows, await this.#readKnobs()));
      case 'slots': {
        await this.#experiments();
        return cleanTexts(timelineOf(source.record.sessions, source.audits, this.#times, source.now));
      }
      case 'setup':
        return setupOf(source);
      case 'nodes':
        return cleanTexts(source.swarm);
      case 'decide': {
        const items = toDecide(source);
        const ids = items.map(({ row }) => row.id);
        return decideOf(source, items, await readExperimentsById(this.#git, this.#record(), ids));
      }
      case 'agents': {
        const { direction } = source.record.opening.objective;
        return cleanTexts(tallyAgents(await this.#experiments(), direction, rankKeeps(source.rows, direction, source.audits)));
      }
    }
  }

  /** Reads each whole record once, and keeps of it what the tally needs. */
  async #experiments(): Promise<readonly SettledExperiment[]> {
    this.#reading = this.#reading.then(() => this.#readMissing());
    await this.#reading;
    return this.#lean;
  }

  async #readMissing(): Promise<void> {
    const { summaries, commits } = this.#record();
    const missing = summaries.slice(this.#lean.length).map(({ id }) => commits.get(id) ?? '');
    for (let at = 0; at < missing.length; at += PART) {
      const records = await readRecords(this.#git, missing.slice(at, at + PART));
      const experiments = records.filter(isExperiment);
      this.#lean.push(...experiments.map(lean));
      this.#times.push(...experiments.map(timesOf));
    }
  }

  /** Of the experiments whose diffs were not read yet. */
  async #readKnobs(): Promise<ReadonlyMap<number, readonly Knob[]>> {
    const missing = knobbed(await this.#experiments()).filter(({ id }) => !this.#knobs.has(id));
    for (let at = 0; at < missing.length; at += PART)
      for (const [id, knobs] of await readKnobs(this.#git, missing.slice(at, at + PART))) this.#knobs.set(id, knobs);
    return this.#knobs;
  }
}

function lean(experiment: SettledExperiment): SettledExperiment {
  const proposal = { ...experiment.proposal, hypothesis: '', rationale: '', risks: [], hints: [] };
  return { ...experiment, proposal, trials: [], beside: [], judgements: [], changes: [], metrics: {} };
}
