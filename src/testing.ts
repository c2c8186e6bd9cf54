/**
 * The public kit for testing plugins: `import { testPlugin } from 'autoresearch/testing'`.
 * Works under vitest, under any runner with global `describe` and `it`, and under `node:test`.
 */
import type { AnyDefinition } from './plugin.ts';
import type { PluginTest } from './testing/cases.ts';
import { testEngine, type RemoteEngineTest } from './testing/laws-engine.ts';
import { testAgent } from './testing/laws-agent.ts';
import { testDefinition } from './testing/laws-definition.ts';
import { testGate } from './testing/laws-gate.ts';
import { testMetric } from './testing/laws-metric.ts';
import { testObjective } from './testing/laws-objective.ts';
import { testReporter } from './testing/laws-reporter.ts';
import { testTeam } from './testing/laws-team.ts';
import { testTrainer } from './testing/laws-trainer.ts';
import { findRunner } from './testing/runner.ts';

export type { OpenEngine } from './testing/engine-place.ts';
export type { RemoteEngineTest } from './testing/laws-engine.ts';
export { BrokenLaw } from './testing/law.ts';
export type { CasesByKind, Files, GateCase, MetricCase, Options, PluginTest } from './testing/cases.ts';
export type { Problem } from './testing/context.ts';
export type { Runner } from './testing/runner.ts';
export { makeBrief, makeContext, makePreflight, makeTrialRequest } from './testing/context.ts';
export { makeEvents } from './testing/events.ts';
export { makeAudit, makeExperiment, makeRunView, makeSummary, makeTrial } from './testing/records.ts';

/**
 * Declares the tests that every `RemoteEngine` must pass: an engine that is handed to `createRemoteTrainer`.
 * They start some twenty jobs.
 */
export function testRemoteEngine(test: RemoteEngineTest): void {
  const runner = test.runner ?? findRunner();
  runner.describe(`remote engine ${test.name}`, () => testEngine(runner, test));
}

/**
 * Declares the tests every plugin of the definition's kind must pass.
 * Records are frozen: a plugin that changes what it is given throws, and so fails.
 */
export function testPlugin<const D extends AnyDefinition>(definition: D, test: PluginTest<D['kind']>): void {
  const runner = test.runner ?? findRunner();
  runner.describe(`${definition.kind} ${definition.name}`, () => {
    testDefinition(runner, definition, test);
    switch (definition.kind) {
      case 'objective':
        return testObjective(runner, definition, test as PluginTest<'objective'>);
      case 'agent':
        return definition.members === undefined
          ? testAgent(runner, definition, test as PluginTest<'agent'>)
          : testTeam(runner, definition, test as PluginTest<'agent'>);
      case 'trainer':
        return testTrainer(runner, definition, test as PluginTest<'trainer'>);
      case 'metric':
        return testMetric(runner, definition, test as PluginTest<'metric'>);
      case 'gate':
        return testGate(runner, definition, test as PluginTest<'gate'>);
      case 'reporter':
        return testReporter(runner, definition, test as PluginTest<'reporter'>);
    }
  });
}
