import { join } from 'node:path';
import { definePlugin, type RunView } from '../../../src/plugin.ts';
import { BODIES } from './bodies.ts';
import { auditEvent, endEvent, experimentEvent, type Event } from './events.ts';
import { Outbox, readCursor, writeCursor, type Cursor } from './outbox.ts';
import { post } from './post.ts';
import { schema } from './schema.ts';

export default definePlugin({
  kind: 'reporter',
  name: 'webhook',
  apiVersion: 1,
  description: 'Posts what is kept, what waits for a decision, audits and the end of a run to Slack, Discord, Teams, ntfy or any server.',
  schema,
  create({ urlVariable, format, on, secretVariable, timeoutMs, patienceMs }, { projectDir, label, log }) {
    const isWanted = (event: Event | null): event is Event => event !== null && on.includes(event.name);
    const cursorFile = (run: RunView) =>
      join(projectDir, '.autoresearch', run.name, `posted-${label.replaceAll(/[^\w-]/g, '-')}-${urlVariable}.json`);
    let outbox: Outbox | null = null;
    let queued: Cursor = { experiment: -1, audits: 0 };

    const open = (run: RunView) =>
      new Outbox({
        send: (event, signal) => {
          const secret = secretVariable === undefined ? undefined : process.env[secretVariable];
          return post({ url: process.env[urlVariable] ?? '', key: event.key, body: BODIES[format](event), secret, timeoutMs, signal });
        },
        advance: (cursor) => writeCursor(cursorFile(run), cursor),
        warn: (message) => log.warn(message),
      });

    /** Queues what the record holds and has not been posted, whatever kept it from being posted before. */
    const catchUp = (run: RunView) => {
      for (const summary of run.history) {
        if (summary.id <= queued.experiment) continue;
        queued = { ...queued, experiment: summary.id };
        const event = experimentEvent(run, summary);
        if (isWanted(event)) outbox?.add({ event, cursor: queued });
      }
      for (const [index, audit] of run.audits.entries()) {
        if (index < queued.audits) continue;
        queued = { ...queued, audits: index + 1 };
        const event = auditEvent(run, audit, index);
        if (isWanted(event)) outbox?.add({ event, cursor: queued });
      }
    };

    return {
      verify(preflight) {
        for (const name of [urlVariable, ...(secretVariable === undefined ? [] : [secretVariable])]) {
          if (!process.env[name]) preflight.problem('WEBHOOK_MISSING', `webhook: the variable ${name} is not set`, `export ${name}=…`);
        }
        const url = process.env[urlVariable];
        if (url && !URL.canParse(url)) preflight.problem('WEBHOOK_MISSING', `webhook: ${urlVariable} holds no web address`, 'https://…');
      },
      async start(run) {
        outbox = open(run);
        queued = (await readCursor(cursorFile(run))) ?? { experiment: -1, audits: 0 };
        catchUp(run);
      },
      settled: (_experiment, run) => catchUp(run),
      audited: (_audit, run) => catchUp(run),
      async done(run, end) {
        catchUp(run);
        const event = endEvent(run, end, new Date().toISOString());
        if (isWanted(event)) outbox?.add({ event });
        const left = (await outbox?.flush(patienceMs)) ?? 0;
        if (left > 0) log.warn(`webhook: ${left} posts are still due; the next session of this run posts what the record holds`);
        outbox?.stop();
      },
      dispose: () => outbox?.stop(),
    };
  },
});
