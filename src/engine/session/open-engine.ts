import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { handOver, type HandedData } from '../../data/hand-over.ts';
import { adopt } from '../../git/adopt.ts';
import { moveBranch, objectionToMove } from '../../git/run-refs.ts';
import { branchName } from '../../ledger/ledger.ts';
import { readRecentLog } from '../../ledger/read.ts';
import { WriteAhead, type Left } from '../../ledger/wal.ts';
import { diagnose } from '../../preflight/diagnosis.ts';
import { stopReason } from '../decide/budget.ts';
import { FirstBaseline } from '../decide/first-baseline.ts';
import { LateGains } from '../decide/late.ts';
import { ObjectCare } from '../decide/object-care.ts';
import { tipOf } from '../decide/settle.ts';
import type { Run } from '../engine.ts';
import { Flight } from '../flight.ts';
import { SharedSeals } from '../measure/shared-seals.ts';
import { Hints } from '../propose/hints.ts';
import { mendersOf } from '../propose/ask-agent.ts';
import { lateOffers } from '../propose/offers.ts';
import { Pace } from '../slots/pace.ts';
import { dataDirOf } from '../slots/run-paths.ts';
import { Quiet } from '../slots/quiet.ts';
import { Turns } from '../../turns.ts';
import { curvesOf, improvementGates, needsNoise } from './assemble.ts';
import { openWorkplaces } from './open-slots.ts';
import type { SessionInput } from './session-input.ts';

/** All that the loop works with; worktrees other than the first slot's are made when they are needed. */
export async function openEngine(input: SessionInput, left: readonly Left[]): Promise<Run> {
  const { assembly, repository, ledger, state, base, runDir, log, signal } = input;
  const { config, hooks, chain, instances, sandbox, redact } = assembly;
  const data: HandedData | null = handOver(dataDirOf(runDir), input.data);
  const seals = new SharedSeals({ config, repository, layer: sandbox.layer, runDir, log });
  const workplaces = await openWorkplaces({ ...input, seals, data, left });
  const used = [...state.history.map(({ id }) => id), ...left.map(({ experiment }) => experiment.id)];
  const flight = new Flight({ workplaces, signal, state, used });
  hooks.stop.tapPromise('limits', async (run) => seals.lasting ?? stopReason(run, config.stop, flight.elapsed) ?? (undefined as never));
  const branch = branchName(state.name);
  const late = new LateGains();
  const pace = new Pace({ slots: input.slots.length, lookahead: config.lookahead }, (view) => late.survival(view));
  return {
    config,
    hooks,
    state,
    ledger,
    wal: new WriteAhead(runDir),
    others: input.others,
    objects: new ObjectCare({ repository, run: state.name, base }),
    sandbox,
    redact,
    data,
    base,
    runDir,
    scope: config.scope,
    improvementGates: improvementGates(instances),
    needsNoise: needsNoise(instances),
    chain,
    mends: mendersOf(instances),
    hints: new Hints(runDir),
    baseline: new FirstBaseline(state),
    late,
    offers: [lateOffers({ state, late }), ...(input.others ? [input.others] : [])],
    flight,
    slots: input.slots,
    workplaces,
    decisions: new Turns(),
    quiet: new Quiet(),
    plan: () => pace.plan(state.view),
    log,
    emit: assembly.events.emit,
    curves: curvesOf(instances),
    signal,
    readProgram: () => (config.program === undefined ? '' : readFileSync(join(repository.projectDir, config.program), 'utf8')),
    diagnose: (output) => diagnose({ repository, base, config, output }),
    readLog: (id) => readRecentLog(repository.git, state.name, id),
    adopt: (measured) => adopt(repository, { tip: tipOf({ state, base }), measured }),
    async rewindBranch(commit) {
      const objection = await objectionToMove(repository, branch, commit);
      if (objection === null) await moveBranch(repository, branch, commit);
      else log.warn(`${branch} ${objection}, so it is not taken back to ${commit.slice(0, 7)}`);
    },
    async mayMoveBranch(commit) {
      const objection = await objectionToMove(repository, branch, commit);
      if (objection !== null)
        log.warn(`${branch} ${objection}, so it stays where it is; once that is over, it follows with the next keep or resume`);
      return objection === null;
    },
  };
}
