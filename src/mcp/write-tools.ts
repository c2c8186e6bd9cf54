import { MOST_TEXT } from '../decisions/parse.ts';
import type { RunDecision } from '../plugin.ts';
import { findReviewer, hintGiver } from '../review/reviewer.ts';
import { enqueueDecision, type Submitted } from '../review/submit.ts';
import { RUN, type Context, type Tool } from './tool.ts';

const MOST_HINT = 2000;
const NOTE = { type: 'string', maxLength: MOST_TEXT, default: '', description: 'Why; the record keeps it.' };

/** Made in the name of the person of this server, and queued where a process works on the run. */
async function decide(
  context: Context,
  run: unknown,
  decision: (by: RunDecision['by']) => RunDecision,
  who = findReviewer,
): Promise<Submitted> {
  const { repository, record } = await context.open(run as string | undefined);
  const by = await who(repository.git, context.as);
  return enqueueDecision({ cwd: context.cwd, run: record.run }, decision(by));
}

const steer: Tool = {
  name: 'steer',
  description: 'Queues a hint for the next proposal of a run.',
  properties: { hint: { type: 'string', minLength: 1, maxLength: MOST_HINT, description: 'What to try, or to leave.' }, run: RUN },
  required: ['hint'],
  isWriting: true,
  call: ({ hint, run }, context) => decide(context, run, (by) => ({ kind: 'steer', text: hint as string, by }), hintGiver),
};

const stop: Tool = {
  name: 'stop',
  description: 'Ends a run once the experiment under way is settled, as if its budget were used up. It can be resumed.',
  properties: { run: RUN, note: NOTE },
  isWriting: true,
  call: ({ run, note }, context) => decide(context, run, (by) => ({ kind: 'stop', note: note as string, by })),
};

const pause: Tool = {
  name: 'pause',
  description: 'Lets a run finish the experiment under way and work on nothing then, until `resume` or `stop`.',
  properties: { run: RUN, note: NOTE },
  isWriting: true,
  call: ({ run, note }, context) => decide(context, run, (by) => ({ kind: 'pause', note: note as string, by })),
};

const resume: Tool = {
  name: 'resume',
  description: 'Lets a paused run go on. One that has ended needs `autoresearch resume` in a terminal.',
  properties: { run: RUN },
  isWriting: true,
  call: ({ run }, context) => decide(context, run, (by) => ({ kind: 'resume', by })),
};

const review: Tool = {
  name: 'review',
  description:
    'Records a decision on a kept or parked change, in the name of the person of this server. Only what that person has decided.',
  properties: {
    experiment: { type: 'integer', minimum: 0, description: 'Its number.' },
    decision: { type: 'string', enum: ['approve', 'reject', 'ask'], description: 'The decision; `ask` puts the question of the note.' },
    note: { ...NOTE, description: 'Why, or the question.' },
    run: RUN,
  },
  required: ['experiment', 'decision'],
  isWriting: true,
  call: ({ experiment, decision, note, run }, context) =>
    decide(context, run, (by) => ({
      kind: 'review',
      experiment: experiment as number,
      decision: decision as 'approve' | 'reject' | 'ask',
      note: note as string,
      by,
    })),
};

export const WRITE_TOOLS: readonly Tool[] = [steer, pause, resume, stop, review];
