import { createHmac } from 'node:crypto';
import { definePlugin } from '../../../src/plugin.ts';
import { send } from '../_delivery/http.ts';
import { reporterOf } from '../_delivery/reporter.ts';
import type { Service } from '../_delivery/service.ts';
import { BODIES } from './bodies.ts';
import { auditEvent, endEvent, experimentEvent, type Event } from './events.ts';
import { schema } from './schema.ts';

export default definePlugin({
  kind: 'reporter',
  name: 'webhook',
  apiVersion: 1,
  description: 'Posts what is kept, what waits for a decision, audits and the end of a run to Slack, Discord, Teams, ntfy or any server.',
  schema,
  create({ urlVariable, format, on, secretVariable, timeoutMs, patienceMs }, context) {
    const earlierFile = `posted-${context.label.replaceAll(/[^\w-]/g, '-')}-${urlVariable}.json`;
    const post = async (event: Event | null, stopped: AbortSignal): Promise<false | void> => {
      if (event === null || !on.includes(event.name)) return false;
      const { type, text, headers } = BODIES[format](event);
      const secret = secretVariable === undefined ? undefined : process.env[secretVariable];
      await send({
        url: process.env[urlVariable] ?? '',
        headers: { 'content-type': type, 'idempotency-key': event.key, ...headers, ...signatureOf(secret, text) },
        body: text,
        timeoutMs,
        signal: stopped,
      });
    };
    const service: Service = {
      experiment: ({ run, summary }, stopped) => post(experimentEvent(run, summary), stopped),
      audit: (audit, index, run, stopped) => post(auditEvent(run, audit, index), stopped),
      end: (run, end, stopped) => post(endEvent(run, end, new Date().toISOString()), stopped),
    };
    return {
      verify(preflight) {
        for (const name of [urlVariable, ...(secretVariable === undefined ? [] : [secretVariable])]) {
          if (!process.env[name]) preflight.problem('WEBHOOK_MISSING', `webhook: the variable ${name} is not set`, `export ${name}=…`);
        }
        const url = process.env[urlVariable];
        if (url && !URL.canParse(url)) preflight.problem('WEBHOOK_MISSING', `webhook: ${urlVariable} holds no web address`, 'https://…');
      },
      ...reporterOf({ plugin: 'webhook', service, destination: () => urlVariable, patienceMs, earlierFile }, context),
    };
  },
});

function signatureOf(secret: string | undefined, text: string): Record<string, string> {
  if (secret === undefined) return {};
  return { 'x-autoresearch-signature': `sha256=${createHmac('sha256', secret).update(text).digest('hex')}` };
}
