import type { HookTable, Hooks } from '../../hooks.ts';
import type { Gate, GateResult, Metric, Objective, Preflight, Reporter, Team, Trainer } from '../../plugin.ts';
import type { Judgement } from '../../experiment.ts';
import type { AgentChain } from '../propose/agent-chain.ts';
import { askAgent } from '../propose/ask-agent.ts';
import type { AgentInstance, Instance } from './instance.ts';

/** All notes of a run are kept in memory. */
const MAX_NOTE = 200;
const OUTCOMES: ReadonlySet<unknown> = new Set(['pass', 'fail', 'more', 'review']);

/** By name, the hook that each member of a team has tapped to propose. */
export type Members = Map<string, HookTable['propose']>;

/** Taps the hooks for a plugin's role: what each kind takes part in, one function a kind. */
export function wire(hooks: Hooks, instance: Instance, chain: AgentChain, members: Members): void {
  const { kind, label, role } = instance;
  if (role.verify) {
    const isOptional = kind === 'agent' && instance.optional === true;
    hooks.verify.tap(label, (preflight) => (isOptional ? leaveOut(instance, chain, preflight) : role.verify?.(preflight)));
  }
  if (kind === 'objective') wireObjective(hooks, label, role);
  else if (kind === 'agent') wireAgent(hooks, instance, chain);
  else if (kind === 'team') wireTeam(hooks, label, role, members);
  else if (kind === 'trainer') wireTrainer(hooks, label, role);
  else if (kind === 'metric') wireMetric(hooks, label, role);
  else if (kind === 'gate') wireGate(hooks, label, role);
  else wireReporter(hooks, label, role);
}

/** A problem with an optional agent is a warning and does not stop the run. */
async function leaveOut({ label, path, role }: Instance, chain: AgentChain, preflight: Preflight): Promise<void> {
  const problems: string[] = [];
  await role.verify?.({ ...preflight, problem: (_code, message) => void problems.push(message) });
  if (problems.length === 0) return;
  const message = problems.join('; ');
  chain.out.set(path, { agent: label, kind: 'not-installed', message });
  chain.warn(`agent ${label} is optional, and left out: ${message}`);
}

function wireObjective(hooks: Hooks, label: string, objective: Objective): void {
  hooks.score.tap(label, (experiment, run) => objective.score(experiment.trials, run));
}

function wireAgent(hooks: Hooks, instance: AgentInstance, chain: AgentChain): void {
  hooks.propose.tap(instance.label, (brief) => askAgent(instance, brief, chain));
}

function wireTeam(hooks: Hooks, label: string, team: Team, members: Members): void {
  hooks.propose.tap(label, async (brief) => {
    const names = [...members.keys()];
    // Only the agent that made a crashed change is asked to fix it.
    for (const name of brief.fix ? names : team.order(names, brief)) {
      const member = members.get(name);
      if (member === undefined) throw new Error(`its order names ${JSON.stringify(name)}, which is not one of ${names.join(', ')}`);
      const proposed = await member.promise(brief);
      if (proposed !== undefined) return proposed;
    }
    return undefined;
  });
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
