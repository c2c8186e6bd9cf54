/** Runs the terminal reporter through a run that needs no engine: `node terminal-driver.ts <milliseconds a step> <interrupt or noisy?>`. */
import { setTimeout as sleep } from 'node:timers/promises';
import terminal from '../../plugins/reporters/terminal/index.ts';
import { facadeFor } from '../../src/engine/session/register.ts';
import { RunState } from '../../src/model/run-state.ts';
import { createHooks } from '../../src/hooks.ts';
import type { CommittedExperiment } from '../../src/experiment.ts';
import { makeBrief, makeContext, makeExperiment, makeTrialRequest } from '../../src/testing.ts';
import { noisyRun } from './noisy.ts';
import { opening, syntheticRun } from './synthetic.ts';

const step = Number(process.argv[2] ?? 5);
const interrupt = process.argv[3] === 'interrupt';
const { experiments, audits } = process.argv[3] === 'noisy' ? noisyRun(22) : { experiments: syntheticRun(12), audits: [] };
const hooks = createHooks();
terminal.apply?.(
  facadeFor(hooks, { plugin: 'terminal', path: 'reporters[0]', warn: () => undefined, pending: new Set() }),
  { live: true },
  makeContext(),
);
const run = new RunState({ name: opening.run, seed: 1, objective: opening.objective, budget: { experiments: 11, seconds: 3600, usd: 5 } });

await hooks.start.promise(run.view);
for (const experiment of experiments) {
  const { id, proposal, candidate, parent } = experiment;
  if (interrupt && id === 3) break;
  const committed: CommittedExperiment = {
    ...makeExperiment({ state: 'committed', id, proposal, parent }),
    candidate: candidate ?? parent,
  };
  if (id > 0) {
    await hooks.propose.promise(makeBrief({ id, run: run.view }));
    await sleep(step);
    await hooks.screen.promise(committed, run.view);
  }
  await hooks.train.promise(makeTrialRequest({ cwd: '.', logFile: 'trial.log', experiment: id, timeoutMs: 600_000 }));
  await sleep(step);
  if (id === 1) process.stderr.write('warning: the disk is full\n');
  run.settle(experiment);
  await hooks.settled.promise(experiment, run.view);
  for (const { audit } of audits.filter(({ after }) => after === id)) {
    await hooks.train.promise(
      makeTrialRequest({ cwd: '.', logFile: 'trial.log', experiment: audit.final.id, seed: 91, timeoutMs: 600_000 }),
    );
    await sleep(step);
    run.settleAudit(audit);
    await hooks.audited.promise(audit, run.view);
  }
}
const reason = interrupt
  ? { code: 'INTERRUPTED', text: 'Ctrl-C was pressed' }
  : { code: 'BUDGET_EXPERIMENTS', text: 'all 11 experiments are done' };
await hooks.done.promise(run.view, { outcome: interrupt ? 'interrupted' : 'stopped', reason });
process.stdout.write(`listeners ${process.listenerCount('SIGINT')}\n`);
