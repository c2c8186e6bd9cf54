import experimentSchema from '../../../schemas/experiment.schema.json' with { type: 'json' };
import { Ajv, type ValidateFunction } from 'ajv';
import type { Offer } from '../../engine/propose/offer.ts';
import type { SettledExperiment } from '../../experiment.ts';
import { readRecords } from '../../ledger/read.ts';
import { isExperiment } from '../../ledger/records.ts';
import type { Git } from '../../git/git.ts';
import type { SwarmExperiment } from '../model.ts';
import type { SwarmOffer } from '../offer.ts';

let validate: ValidateFunction | null = null;

/** The record of another node's experiment; null where it is not in the right form. */
export async function readForeignRecord(git: Git, entry: string): Promise<SettledExperiment | null> {
  try {
    const [record] = await readRecords(git, [entry]);
    validate ??= new Ajv({ strict: false, validateFormats: false }).compile(experimentSchema);
    return record !== undefined && isExperiment(record) && validate(record) ? record : null;
  } catch {
    return null;
  }
}

/** The same, if it is a change that can be measured here: its commit is there. */
async function readForeign(git: Git, entry: string): Promise<(SettledExperiment & { readonly candidate: string }) | null> {
  const record = await readForeignRecord(git, entry);
  const candidate = record?.candidate ?? null;
  if (record === null || candidate === null) return null;
  const { code } = await git.ask(['rev-parse', '--verify', '--quiet', `${candidate}^{tree}`], { accept: [1, 128] });
  return code === 0 ? { ...record, candidate } : null;
}

/** What is offered, as the engine takes it; null where its record or its commit cannot be used. `base`: what the run started from. */
export async function readOffer(
  git: Git,
  { entry }: SwarmExperiment,
  { how, parent, origin }: SwarmOffer,
  { incumbent, base }: { readonly incumbent: string; readonly base: string },
): Promise<Offer | null> {
  const record = await readForeign(git, entry);
  if (record === null) return null;
  const { usage: _usage, declined: _declined, hints: _hints, ...proposal } = record.proposal;
  // As a change of all that is different here, it gives the commit as it is.
  const from = how === 'whole' ? incumbent : (parent ?? base);
  return { change: { candidate: record.candidate, parent: from }, proposal, origin: { origin } };
}
