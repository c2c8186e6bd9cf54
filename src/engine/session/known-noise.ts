/** The noise that `check --measure` found, kept for the next run of the same commit, config and machine. */
import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '../../config/types.ts';
import { makeFolders } from '../../folders.ts';
import type { Repository } from '../../git/repository.ts';
import { readPlainFile, type KnownNoise } from '../../plugin.ts';
import type { Layer } from '../../sandbox/probe.ts';

/** What `.autoresearch/baseline.json` holds. */
interface Measured {
  readonly v: 1;
  /** ISO 8601. */
  readonly at: string;
  readonly commit: string;
  readonly host: string;
  /** A digest of everything in the config that a trial's result depends on. */
  readonly configDigest: string;
  readonly sigma: number;
  /** How many trials were measured. */
  readonly n: number;
  readonly mean: number;
  readonly scores: readonly number[];
}

interface Situation {
  readonly repository: Repository;
  readonly config: Config;
  readonly base: string;
  /** A sandbox costs time, so that durations differ with it. */
  readonly layer: Layer;
}

export function keepNoise({ repository, config, base, layer }: Situation, found: Pick<Measured, 'sigma' | 'mean' | 'scores'>): void {
  const file = fileOf(repository);
  const { sigma, mean, scores } = found;
  const measured: Measured = {
    v: 1,
    at: new Date().toISOString(),
    commit: base,
    host: hostname(),
    configDigest: digestOf(config, layer),
    sigma,
    n: scores.length,
    mean,
    scores,
  };
  makeFolders(dirname(file));
  writeFileSync(`${file}.new`, `${JSON.stringify(measured, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** Null where nothing was measured, or something that matters has changed since. */
export async function noiseKeptFor({ repository, config, base, layer }: Situation): Promise<(KnownNoise & { readonly at: string }) | null> {
  const text = await readPlainFile(fileOf(repository)).catch(() => null);
  const kept = text === null ? null : parse(text);
  if (kept === null || kept.commit !== base || kept.host !== hostname() || kept.configDigest !== digestOf(config, layer)) return null;
  return { sigma: kept.sigma, df: kept.n - 1, at: kept.at };
}

function fileOf({ stateDir }: Repository): string {
  return join(stateDir, 'baseline.json');
}

/** Agents, gates, reporters and the budget do not affect a trial of the unchanged project. */
function digestOf({ objective, trainer, metrics, workspace, slots, scope, data }: Config, layer: Layer): string {
  const { link, outputs, holdout, env } = workspace;
  const relevant = { objective, trainer, metrics, workspace: { link, outputs, holdout, env }, slots, scope, data, layer };
  return createHash('sha256').update(JSON.stringify(relevant)).digest('hex');
}

function parse(text: string): Measured | null {
  try {
    const value = JSON.parse(text) as Partial<Measured> | null;
    const isWhole = value?.v === 1 && Number.isFinite(value.sigma) && Number.isInteger(value.n) && (value.n ?? 0) >= 2;
    return isWhole ? (value as Measured) : null;
  } catch {
    return null;
  }
}
