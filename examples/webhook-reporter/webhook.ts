import { definePlugin, type RunView } from 'autoresearch/plugin';

export default definePlugin({
  kind: 'reporter',
  name: 'webhook',
  apiVersion: 1,
  description: 'Posts what is kept, and how a run ends, to a web address as JSON.',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      url: { type: 'string', pattern: '^https?://', description: 'Where to post.' },
      urlVariable: {
        type: 'string',
        default: 'AUTORESEARCH_WEBHOOK',
        description: 'Without `url`: the environment variable that holds it. An address with a secret in it does not belong into a file.',
      },
      on: {
        type: 'array',
        items: { enum: ['keep', 'discard', 'crash', 'review'], description: 'A verdict.' },
        default: ['keep', 'review'],
        description: 'Verdicts to post.',
      },
      timeoutMs: { type: 'integer', minimum: 1, default: 5000, description: 'How long the run waits for an answer at most.' },
    },
  },
  create: ({ url, urlVariable, on, timeoutMs }, { signal }) => {
    const address = () => url ?? process.env[urlVariable];
    const post = async (body: object, stopped?: AbortSignal) => {
      const target = address();
      if (target === undefined) throw new Error(`${urlVariable} is not set`);
      const response = await fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        // Nobody waits for a server that does not answer: not the run, and not the person who stops it.
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(stopped ? [stopped] : [])]),
      });
      await response.body?.cancel();
      // A reporter that throws is a warning in the run.
      if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
    };
    const stands = ({ name, objective, incumbent, counts }: RunView) => ({
      run: name,
      objective: objective.label,
      best: incumbent?.score?.value ?? null,
      counts,
    });
    return {
      verify(preflight) {
        if (address() === undefined)
          preflight.problem('WEBHOOK_MISSING', `webhook: ${urlVariable} is not set`, `export ${urlVariable}=https://…`);
      },
      async settled({ id, verdict, reason, proposal, score, delta }, run) {
        if (!on.includes(verdict)) return;
        const experiment = { id, verdict, reason, title: proposal.title, score: score?.value ?? null, delta };
        await post({ event: 'settled', ...stands(run), experiment }, signal);
      },
      // Also after Ctrl-C: this is the post that says so.
      done: (run, end) => post({ event: 'done', ...stands(run), outcome: end.outcome, reason: end.reason }),
    };
  },
});
