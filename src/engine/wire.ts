import { setTimeout as sleep } from 'node:timers/promises';
import type { Hooks } from '../hooks.ts';
import type { AgentResult, Gate, GateResult, Metric, Objective, Reporter, Trainer } from '../plugin.ts';
import type { Judgement } from '../experiment.ts';
import type { AgentInstance, Instance } from './instances.ts';

/** Why an agent of the chain gave no proposal. */
export interface Decline {
  readonly agent: string;
  readonly kind: 'exhausted' | 'failed';
  readonly message: string;
}

/** What the agents' taps share with the loop that asks them. */
export interface AgentChain {
  readonly declines: Decline[];
  /** Takes away what an agent has edited that then had no proposal; set by the session, which has the worktree. */
  startOver(parent: string): Promise<void>;
}

const ATTEMPTS = 3;
const FIRST_WAIT_MS = 1000;
/** All notes of a run are held in memory. */
const MAX_NOTE = 200;
const OUTCOMES: ReadonlySet<unknown> = new Set(['pass', 'fail', 'more', 'review']);

/** Taps the hooks for a plugin's role: what each kind takes part in, one function a kind. */
export function wire(hooks: Hooks, instance: Instance, chain: AgentChain): void {
  const { kind, label, role } = instance;
  if (role.verify) hooks.verify.tap(label, (preflight) => role.verify?.(preflight));
  if (kind === 'objective') wireObjective(hooks, label, role);
  else if (kind === 'agent') wireAgent(hooks, instance, chain);
  else if (kind === 'trainer') wireTrainer(hooks, label, role);
  else if (kind === 'metric') wireMetric(hooks, label, role);
  else if (kind === 'gate') wireGate(hooks, label, role);
  else wireReporter(hooks, label, role);
}

function wireObjective(hooks: Hooks, label: string, objective: Objective): void {
  hooks.score.tap(label, (experiment, run) => objective.score(experiment.trials, run));
}

/** Asks again after a passing failure; then the next agent of the chain has its turn. Each finds the files as they were. */
function wireAgent(hooks: Hooks, { label, role, timeoutMs }: AgentInstance, chain: AgentChain): void {
  hooks.propose.tap(label, async (brief) => {
    for (let attempt = 0; ; attempt++) {
      const result = await role.propose({ ...brief, attempt, timeoutMs: timeoutMs ?? brief.timeoutMs });
      brief.signal.throwIfAborted();
      if (result.status === 'proposed' || result.status === 'no-change') {
        if (typeof result.report?.title !== 'string') throw new Error(`its answer "${result.status}" has no report with a title`);
        return { agent: label, result };
      }
      if (result.status !== 'exhausted' && result.status !== 'failed')
        throw new Error(`it answered with the unknown status ${JSON.stringify(Reflect.get(result, 'status'))}`);
      await chain.startOver(brief.parent);
      if (result.status === 'failed' && result.retryable && attempt + 1 < ATTEMPTS) {
        await sleep(FIRST_WAIT_MS * 4 ** attempt, undefined, { signal: brief.signal });
        continue;
      }
      chain.declines.push(declineOf(label, result));
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
  const named = (result: GateResult): Judgement => {
    // A gate that says nothing must not count as one that passes.
    if (!OUTCOMES.has(result?.outcome))
      throw new Error(`it answered with ${JSON.stringify(result)}, which has no outcome of pass, fail, more or review`);
    if (JSON.stringify(result.note ?? null).length > MAX_NOTE) throw new Error(`its note is larger than ${MAX_NOTE} bytes`);
    return { gate: label, ...result };
  };
  if (gate.screen) {
    hooks.screen.tap(label, async (candidate, run) => {
      const judgement = gate.screen && named(await gate.screen(candidate, run));
      return judgement?.outcome === 'pass' ? undefined : judgement;
    });
  }
  if (gate.observe) hooks.observe.tap(label, async (trial, run) => (await gate.observe?.(trial, run))?.stop);
  if (gate.judge) {
    hooks.judge.tap(label, async (experiment, run, judgements) => {
      if (gate.judge) judgements.add(named(await gate.judge(Object.freeze({ ...experiment, judgements: judgements.given }), run)));
    });
  }
  if (gate.judge && gate.guards) {
    hooks.guard.tap(label, async (experiment, run, judgements) => {
      if (gate.judge) judgements.add(named(await gate.judge(Object.freeze({ ...experiment, judgements: judgements.given }), run)));
    });
  }
  if (gate.audit) hooks.audit.tap(label, (occasion, run) => gate.audit?.(occasion, run));
}

function wireReporter(hooks: Hooks, label: string, reporter: Reporter): void {
  if (reporter.start) hooks.start.tap(label, (run) => reporter.start?.(run));
  if (reporter.settled) hooks.settled.tap(label, (experiment, run) => reporter.settled?.(experiment, run));
  if (reporter.audited) hooks.audited.tap(label, (audit, run) => reporter.audited?.(audit, run));
  if (reporter.done) hooks.done.tap(label, (run, end) => reporter.done?.(run, end));
}
