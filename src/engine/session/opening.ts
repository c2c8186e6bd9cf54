import { summaryOf } from '../../data/hand-over.ts';
import type { ReadData } from '../../data/read-data.ts';
import type { Repository } from '../../git/repository.ts';
import type { OpeningRecord } from '../../ledger/records.ts';
import { RULES } from '../../model/rules.ts';
import type { Log } from '../../plugin.ts';
import { guardsOf, needsNoise, type Assembly } from './assemble.ts';
import { noiseKeptFor } from './known-noise.ts';
import { machine } from './machine.ts';

export function objectiveOf({ objective: { label, direction } }: Assembly): OpeningRecord['objective'] {
  return { label, direction };
}

/** The first record of a run. */
export function openingOf(assembly: Assembly, { prefix }: Repository, run: string, base: string, data: readonly ReadData[]): OpeningRecord {
  return {
    v: 1,
    kind: 'opened',
    run,
    base,
    at: new Date().toISOString(),
    ...machine(),
    platform: `${process.platform} ${process.arch}`,
    projectPrefix: prefix,
    config: assembly.config,
    objective: objectiveOf(assembly),
    plugins: assembly.uses.map((use) => use.record),
    ...guardsOf(assembly),
    rules: RULES,
    ...(data.length > 0 && { data: data.map(summaryOf) }),
  };
}

/** What `check --measure` has found of the noise, where a gate asks for it and nothing has changed since. */
export async function knownNoise(log: Log, { config, instances, sandbox }: Assembly, repository: Repository, base: string) {
  const kept = needsNoise(instances) ? await noiseKeptFor({ repository, config, base, layer: sandbox.layer }) : null;
  if (kept === null) return null;
  const { sigma, df, at } = kept;
  log.info(`noise: sigma ${Number(sigma.toPrecision(2))} from ${df + 1} trials of this commit, which check --measure ran at ${at}`);
  return { sigma, df };
}
