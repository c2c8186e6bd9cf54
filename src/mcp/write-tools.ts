import { hostname } from 'node:os';
import { MOST_TEXT } from '../decisions/parse.ts';
import { waitingHints } from '../engine/propose/hints.ts';
import { AutoresearchError } from '../errors.ts';
import { lockHolder } from '../ledger/lock.ts';
import { findReviewer, hintGiver } from '../review/reviewer.ts';
import { enqueueDecision, openPlace } from '../review/submit.ts';
import { RUN, type Tool } from './tool.ts';

const steer: Tool = {
  name: 'steer',
  description: 'Queues a hint for the next proposal of a run.',
  properties: { hint: { type: 'string', minLength: 1, maxLength: 2000, description: 'What to try, or to leave.' }, run: RUN },
  required: ['hint'],
  isWriting: true,
  async call({ hint, run }, context) {
    const place = await openPlace({ cwd: context.cwd, run: run as string | undefined });
    const by = await hintGiver(place.repository.git, context.as);
    await enqueueDecision({ cwd: context.cwd, run: place.record.run }, { kind: 'steer', text: hint as string, by });
    return { run: place.record.run, waiting: waitingHints(place.runDir).length };
  },
};

const stop: Tool = {
  name: 'stop',
  description: 'Stops a run as Ctrl-C does: what is under way is measured again when the run is resumed; nothing is lost.',
  properties: { run: RUN },
  isWriting: true,
  async call({ run }, context) {
    const opened = await context.open(run as string | undefined);
    const holder = lockHolder(context.lockFile(opened));
    if (!holder) return { run: opened.record.run, stopped: false, why: 'no process works on it' };
    if (holder.host !== hostname()) {
      throw new AutoresearchError('RUN_LOCKED', `${opened.record.run} runs on ${holder.host}, and can only be stopped there`, {
        hint: 'Ctrl-C',
      });
    }
    process.kill(holder.pid, 'SIGINT');
    return { run: opened.record.run, stopped: true, pid: holder.pid };
  },
};

const review: Tool = {
  name: 'review',
  description:
    'Records a decision on a kept or parked change, in the name of the person of this server. Only what that person has decided. While a process works on the run, the decision is queued for it.',
  properties: {
    experiment: { type: 'integer', minimum: 0, description: 'Its number.' },
    decision: { type: 'string', enum: ['approve', 'reject', 'ask'], description: 'The decision; `ask` puts the question of the note.' },
    note: { type: 'string', maxLength: MOST_TEXT, default: '', description: 'Why, or the question.' },
    run: RUN,
  },
  required: ['experiment', 'decision'],
  isWriting: true,
  async call({ experiment, decision, note, run }, context) {
    const { repository, record } = await context.open(run as string | undefined);
    const by = await findReviewer(repository.git, context.as);
    const asked = { experiment: experiment as number, decision: decision as 'approve' | 'reject' | 'ask', note: note as string };
    const made = await enqueueDecision({ cwd: context.cwd, run: record.run }, { kind: 'review', ...asked, by });
    return made.state === 'recorded' ? made.record : made;
  },
};

export const WRITE_TOOLS: readonly Tool[] = [steer, stop, review];
