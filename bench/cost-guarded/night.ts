/** One night of the preset: its own gates, objective, search and budget; only processes and git are left out. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { collectJudgements } from '../../src/engine/decide/judgements.ts';
import { decide } from '../../src/engine/decide/verdict.ts';
import { meanMetrics } from '../../src/model/mean-metrics.ts';
import type { CommittedExperiment, SettledExperiment, Trial } from '../../src/experiment.ts';
import { RULES } from '../../src/model/rules.ts';
import { RunState } from '../../src/model/run-state.ts';
import type { Agent, AnyDefinition, AuditOccasion, Gate, Objective, PluginContext, Report, RunView } from '../../src/plugin.ts';
import { builtin } from '../../src/plugins/builtin.ts';
import { makeBrief, makeContext } from '../../src/testing/context.ts';
import { createFrom } from '../../src/testing/options.ts';
import { settledOf, startExperiment, trialOf } from '../decisions/records.ts';
import { Evaluation, SHIPPED, type Split } from './router.ts';

interface Use {
  readonly use: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const { objective, gates, agent, budget } = parse(
  readFileSync(join(import.meta.dirname, '../../presets/cost-guarded/preset.yaml'), 'utf8'),
) as { objective: Use; gates: readonly Use[]; agent: Use; budget: { experiments: number } };
const FILE = 'router/settings.json';

export interface Night {
  readonly keeps: number;
  readonly audits: number;
  readonly rolledBack: number;
  /** Did the last audit take everything back, although something had been kept? */
  readonly isLost: boolean;
  readonly why: readonly string[];
}

async function make<T>(kind: 'agent' | 'gate' | 'objective', { use, with: options = {} }: Use, context: PluginContext): Promise<T> {
  const loader = builtin(kind, use);
  if (loader === undefined) throw new Error(`there is no built-in ${kind} ${use}`);
  return createFrom((await loader()).default as AnyDefinition, options, context) as T;
}

/** Plays the preset on the data of one seed. */
export async function playNight(seed: number, searchSeed = seed): Promise<Night> {
  const cwd = mkdtempSync(join(tmpdir(), 'autoresearch-night-'));
  const evaluation = new Evaluation(seed);
  try {
    return await play({ cwd, evaluation, searchSeed });
  } finally {
    evaluation.close();
    rmSync(cwd, { recursive: true, force: true });
  }
}

interface Place {
  readonly cwd: string;
  readonly evaluation: Evaluation;
  readonly searchSeed: number;
}

async function play({ cwd, evaluation, searchSeed }: Place): Promise<Night> {
  mkdirSync(join(cwd, 'router'));
  const settings = new Map<string, string>();
  // The search asks git for the settings of a commit.
  const exec = async (command: readonly string[], { logFile }: { readonly logFile: string }) => {
    writeFileSync(logFile, settings.get(command[2]?.split(':')[0] ?? '') ?? '');
    return { exit: 'completed' };
  };
  const context = makeContext({ seed: searchSeed, exec: exec as unknown as PluginContext['exec'] });
  const [goal, searcher] = [await make<Objective>('objective', objective, context), await make<Agent>('agent', agent, context)];
  const uses = await Promise.all(
    gates.map(async (use, index) => ({ label: `${index} ${use.use}`, gate: await make<Gate>('gate', use, context) })),
  );
  const improvement = new Set(uses.filter(({ gate }) => gate.improvement).map(({ label }) => label));
  const { label, direction } = goal;
  const state = new RunState({ name: 'night', seed: searchSeed, objective: { label, direction }, budget, sigma: undefined, rules: RULES });
  const why: string[] = [];

  const trial = async (commit: string, place: { index: number; seed: number }, split: Split): Promise<Trial> => ({
    ...trialOf(commit, place, { value: 0, curve: [] }),
    ...(await evaluation.measure(settings.get(commit) ?? '', split, place.seed)),
  });
  const judge = async (experiment: CommittedExperiment, run: RunView, guardsOnly: boolean) => {
    const score = await goal.score(experiment.trials, run);
    const judgements = collectJudgements(score);
    for (const { label: name, gate } of uses)
      if (gate.judge && (!guardsOnly || gate.guards))
        judgements.add({ gate: name, ...(await gate.judge({ ...experiment, state: 'scored', score }, run)) });
    return { score, judgements: judgements.list };
  };
  const asTrials = (kept: SettledExperiment, trials: readonly Trial[]): CommittedExperiment => ({
    ...startExperiment(kept.id, kept.parent),
    candidate: kept.candidate ?? '',
    trials,
    metrics: meanMetrics(trials),
  });

  const audit = async (at: AuditOccasion['at']) => {
    const { incumbent: final, anchor, confirmed, history, audits } = state;
    if (final === null || anchor === null || confirmed === null || final.id === anchor.id) return;
    const since = audits.at(-1)?.final.id ?? anchor.id;
    const occasion: AuditOccasion = {
      at,
      final,
      anchor,
      confirmed,
      keeps: history.filter(({ id, verdict }) => verdict === 'keep' && id > since).length,
      measure: (commit, seed) => trial(commit, { index: 0, seed }, 'holdout'),
      score: async (trials) => goal.score(trials, state.view),
      guard: async (trials, before) =>
        (await judge(asTrials(final, trials), state.withAnchor({ ...anchor, trials: before, metrics: meanMetrics(before) }), true))
          .judgements,
    };
    const found = await uses.find(({ gate }) => gate.audit)?.gate.audit?.(occasion, state.view);
    if (found === undefined) return;
    const name = ({ id, candidate }: SettledExperiment) => ({ id, commit: candidate ?? '' });
    const back = found.rolledBack ? { back: name(confirmed) } : {};
    state.settleAudit({ ...found, at: '2026-01-01T08:00:00.000Z', occasion: at, final: name(final), anchor: name(anchor), ...back });
    if (found.rolledBack) why.push(found.text);
  };

  for (let id = 0; id <= budget.experiments; id++) {
    const parent = state.incumbent?.candidate ?? '';
    const started = startExperiment(state.nextId, parent);
    writeFileSync(join(cwd, FILE), settings.get(parent) ?? SHIPPED);
    let report: Partial<Report> = {};
    if (id > 0) {
      const answer = await searcher.propose(makeBrief({ id, cwd, parent, seed: searchSeed + id, run: state.view, scratchDir: cwd }));
      if (answer.status !== 'proposed') break;
      ({ report } = answer);
    }
    settings.set(started.candidate, readFileSync(join(cwd, FILE), 'utf8'));
    const measured = await trial(started.candidate, { index: 0, seed: searchSeed }, 'loop');
    const experiment = {
      ...started,
      proposal: { ...started.proposal, ...report, agent: 'search' },
      trials: [measured],
      metrics: measured.metrics,
    };
    const { score, judgements } =
      id === 0 ? { score: await goal.score([measured], state.view), judgements: [] } : await judge(experiment, state.view, false);
    const decision = id === 0 ? ({ verdict: 'keep', reason: { code: 'BASELINE', text: '' } } as const) : decide(judgements, improvement);
    if (decision === 'more') throw new Error('a gate of the preset asks for another trial');
    state.settle({ ...settledOf(experiment, { ...decision, score, judgements }, state), metrics: measured.metrics });
    if (id > 0 && decision.verdict === 'keep') await audit('keeps');
  }
  await audit('end');
  const keeps = state.history.filter(({ id, verdict }) => id > 0 && verdict === 'keep').length;
  const isLost = keeps > 0 && state.incumbent?.id === state.anchor?.id;
  return { keeps, audits: state.audits.length, rolledBack: state.audits.filter(({ rolledBack }) => rolledBack).length, isLost, why };
}
