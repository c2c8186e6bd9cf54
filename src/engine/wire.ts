import { setTimeout as sleep } from 'node:timers/promises';
import type { Hooks } from '../hooks.ts';
import type { Agent, AgentResult, Gate, GateResult, Metric, Objective, Reporter, Trainer } from '../plugin.ts';
import type { Judgement } from '../experiment.ts';
import type { Instance } from './instances.ts';

/** Why an agent of the chain gave no proposal. */
export interface Decline {
  readonly agent: string;
  readonly kind: 'exhausted' | 'failed';
  readonly message: string;
}

const ATTEMPTS = 3;
const FIRST_WAIT_MS = 1000;

/** Taps the hooks for a plugin's role: what each kind takes part in, one function a kind. */
export function wire(hooks: Hooks, instance: Instance, declines: Decline[]): void {
  const { kind, label, role } = instance;
  if (role.verify) hooks.verify.tap(label, (preflight) => role.verify?.(preflight));
  if (kind === 'objective') wireObjective(hooks, label, role);
  else if (kind === 'agent') wireAgent(hooks, label, role, declines);
  else if (kind === 'trainer') wireTrainer(hooks, label, role);
  else if (kind === 'metric') wireMetric(hooks, label, role);
  else if (kind === 'gate') wireGate(hooks, label, role);
  else wireReporter(hooks, label, role);
}

function wireObjective(hooks: Hooks, label: string, objective: Objective): void {
  hooks.score.tap(label, (experiment, run) => objective.score(experiment.trials, run));
}

/** Asks again after a passing failure; then the next agent of the chain has its turn. */
function wireAgent(hooks: Hooks, label: string, agent: Agent, declines: Decline[]): void {
  hooks.propose.tap(label, async (brief) => {
    for (let attempt = 0; ; attempt++) {
      const result = await agent.propose({ ...brief, attempt });
      brief.signal.throwIfAborted();
      if (result.status === 'proposed' || result.status === 'no-change') return { agent: label, result };
      if (result.status === 'failed' && result.retryable && attempt + 1 < ATTEMPTS) {
        await sleep(FIRST_WAIT_MS * 4 ** attempt, undefined, { signal: brief.signal });
        continue;
      }
      declines.push(declineOf(label, result));
      return undefined;
    }
  });
}

function declineOf(agent: string, result: Exclude<AgentResult, { status: 'proposed' | 'no-change' }>): Decline {
  if (result.status === 'exhausted') return { agent, kind: 'exhausted', message: result.reason };
  return { agent, kind: 'failed', message: `${result.kind}: ${result.message}` };
}

function wireTrainer(hooks: Hooks, label: string, trainer: Trainer): void {
  hooks.train.tap(label, (request) => trainer.train(request));
}

function wireMetric(hooks: Hooks, label: string, metric: Metric): void {
  hooks.measure.tap(label, async (input, measurements) => measurements.record(label, await metric.measure(input)));
}

function wireGate(hooks: Hooks, label: string, gate: Gate): void {
  const named = (result: GateResult): Judgement => ({ gate: label, ...result });
  if (gate.screen) {
    hooks.screen.tap(label, async (candidate, run) => {
      const result = await gate.screen?.(candidate, run);
      return result && result.outcome !== 'pass' ? named(result) : undefined;
    });
  }
  if (gate.observe) hooks.observe.tap(label, async (trial, run) => (await gate.observe?.(trial, run))?.stop);
  if (gate.judge) {
    hooks.judge.tap(label, async (experiment, run, judgements) => {
      const result = await gate.judge?.(experiment, run);
      if (result) judgements.add(named(result));
    });
  }
}

function wireReporter(hooks: Hooks, label: string, reporter: Reporter): void {
  if (reporter.start) hooks.start.tap(label, (run) => reporter.start?.(run));
  if (reporter.settled) hooks.settled.tap(label, (experiment, run) => reporter.settled?.(experiment, run));
  if (reporter.done) hooks.done.tap(label, (run, end) => reporter.done?.(run, end));
}

