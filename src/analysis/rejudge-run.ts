import { join } from 'node:path';
import { Diagnostics } from '../config/diagnostics.ts';
import { locate } from '../config/located.ts';
import { loadDeclaredPlugins, resolveUse } from '../config/plugin-uses.ts';
import { AutoresearchError } from '../errors.ts';
import type { Direction, Json } from '../experiment.ts';
import { openRepository } from '../git/repository.ts';
import { findRun } from '../ledger/find-run.ts';
import { readExperiments, readRun, type RunRecord } from '../ledger/read.ts';
import { createLog } from '../log.ts';
import { createPlugins } from '../engine/session/assemble.ts';
import { noiseInLog, type FoundNoise } from './imported-noise.ts';
import type { Instance } from '../engine/session/instance.ts';
import { disposeAll } from '../engine/session/instances.ts';
import { wholeExperiments } from './recompute-run.ts';
import { asChain, rejudge, type Judge, type Rejudged } from './rejudge.ts';
import { RunState } from '../model/run-state.ts';

export interface RejudgeRequest {
  readonly cwd: string;
  readonly name: string | undefined;
  readonly gate: string;
  /** The gate's options, as its `with:` would have them. */
  readonly options: Readonly<Record<string, Json>>;
  readonly sigma?: number;
}

export interface Rejudgement {
  readonly run: string;
  readonly gate: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly imported: boolean;
  readonly objective: { readonly label: string; readonly direction: Direction };
  /** What the gate was told of the noise before the first experiment; null: only what was repeated in the run. */
  readonly noise: FoundNoise | null;
  readonly judged: readonly Rejudged[];
}

/** Lets a gate judge a recorded run again, from its ledger alone. Runs no trial and writes nothing. */
export async function rejudgeRun({ cwd, name, gate, options, sigma }: RejudgeRequest): Promise<Rejudgement> {
  const here = await openRepository(cwd);
  const run = await findRun(here.git, name);
  const record = await readRun(here.git, run);
  const { config, objective, projectPrefix, imported } = record.opening;
  const projectDir = join(here.top, projectPrefix);
  const use = await resolveGate({ gate, options, plugins: config.plugins, projectDir });
  const { signal } = new AbortController();
  const log = createLog({ debug: false });
  const { instances } = createPlugins(config, [use], { projectDir, log, signal });
  try {
    const judge = judgeOf(instances, gate);
    const noise = await noiseFor(record, sigma, async () => noiseInLog(await readExperiments(here.git, record), objective.direction));
    // Judged by the rules of the run: newer ones may want trials that were never made.
    const rules = record.opening.rules ?? 1;
    const state = new RunState({ name: run, seed: config.seed, objective, budget: {}, sigma: noise?.sigma, rules });
    const whole = wholeExperiments(here.git, record);
    const judged = await rejudge(judge, state, record, imported ? asChain(whole) : whole);
    return { run, gate: use.label, options: use.options, imported: imported !== undefined, objective, noise, judged };
  } finally {
    await disposeAll(instances, log.warn);
  }
}

function judgeOf([instance]: readonly Instance[], gate: string): Judge {
  const role = instance?.kind === 'gate' ? instance.role : null;
  if (role?.judge !== undefined) return role.judge.bind(role);
  throw new AutoresearchError('USAGE', `the gate ${gate} judges no scores`, { hint: 'posterior, min-delta and sprt do' });
}

/**
 * The noise as given by --sigma, else by the config or the import, else as estimated from an imported log. A run of this engine
 * has repeats and needs none of these.
 */
async function noiseFor(
  { opening }: RunRecord,
  sigma: number | undefined,
  look: () => Promise<FoundNoise | null>,
): Promise<FoundNoise | null> {
  if (sigma !== undefined) return { sigma, text: 'given with --sigma' };
  const { noise } = opening.config;
  if (noise.sigma !== undefined)
    return { sigma: noise.sigma, text: opening.imported ? 'given when it was imported' : 'given in its config' };
  if (!opening.imported) return null;
  const found = await look();
  if (found !== null) return found;
  throw new AutoresearchError('USAGE', 'the log does not tell the noise of one trial: too few changes, and nothing measured often enough', {
    hint: 'Measure the baseline some times, and give the standard deviation: --sigma 0.0003',
  });
}

interface GateRequest {
  readonly gate: string;
  readonly options: Readonly<Record<string, Json>>;
  readonly plugins: readonly string[];
  readonly projectDir: string;
}

async function resolveGate({ gate, options, plugins, projectDir }: GateRequest) {
  const diagnostics = new Diagnostics(projectDir);
  const root = locate({ gate: { use: gate, with: options }, plugins }, { file: null, name: '--gate', text: '' });
  const base = { projectDir, root };
  const { declared } = await loadDeclaredPlugins({ plugins }, base, diagnostics);
  const site = { kind: 'gate', path: ['gate'], use: gate, options, timeout: undefined, name: undefined, agent: {} } as const;
  const use = await resolveUse(site, declared, base, diagnostics);
  diagnostics.throwIfAny();
  if (use === null) throw new Error('a gate without errors could not be loaded');
  return use;
}
