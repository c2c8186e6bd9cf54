/** What connects a session with the world outside: events for whoever watches, and decisions of people. */
import { SessionDecisions } from '../../decisions/session-decisions.ts';
import { Journal } from '../../events/journal.ts';
import { eventsDirOf } from '../../events/segments.ts';
import type { Reason } from '../../experiment.ts';
import type { Log } from '../../plugin.ts';
import { machine } from './machine.ts';
import type { SessionInput } from './session-input.ts';

/** Begins to tell what happens. The log it gives tells warnings too. */
export function openEvents({ assembly: { events }, runDir, state, slots, isResumed }: SessionInput): Log {
  events.open(new Journal({ dir: eventsDirOf(runDir), warn: events.log.warn }));
  const { name: run, objective, budget, history } = state.view;
  const { engine, host } = machine();
  const facts = { engine, host, pid: process.pid, objective, slots, budget, settled: history.length };
  events.emit({ type: 'run-started', run, isResumed, ...facts });
  return events.log;
}

/** Lets people decide between the experiments: a paused run waits here. */
export function openDecisions({ assembly: { events, hooks }, ...input }: SessionInput): SessionDecisions {
  const { state, runDir, ledger, taken, queuedBefore, signal } = input;
  const { emit, log } = events;
  const decisions = new SessionDecisions(
    { run: state.name, runDir, ledger, rows: () => state.history, taken, emit, warn: log.warn },
    queuedBefore,
    signal,
  );
  // An answer of undefined passes on to the next tap, which the types of tapable do not say.
  hooks.stop.tapPromise('decisions', async () => (await decisions.takeUp()) as Reason);
  return decisions;
}
