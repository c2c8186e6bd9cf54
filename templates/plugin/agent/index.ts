import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { definePlugin } from 'autoresearch/plugin';

const STEPS = [0.5, 0.8, 1.25, 2];

export default definePlugin({
  kind: 'agent',
  name: 'my-plugin',
  apiVersion: 1,
  description: 'Scales one number of a file up or down, without a model.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['file', 'name'],
    properties: {
      file: { type: 'string', description: 'The file, relative to the project folder.' },
      name: { type: 'string', pattern: '^\\w+$', description: 'What the number is assigned to, such as `LR` in `LR = 0.1`.' },
    },
  },
  create: ({ file, name }) => ({
    async propose({ cwd, seed, signal }) {
      if (signal.aborted) return { status: 'failed', kind: 'cancelled', message: 'the run is being stopped', retryable: false };
      const path = join(cwd, file);
      const text = await readFile(path, 'utf8');
      const [assignment, value] = new RegExp(`\\b${name}\\s*=\\s*([\\d.]+)`).exec(text) ?? [];
      if (assignment === undefined || value === undefined) return { status: 'exhausted', reason: `${file} assigns no number to ${name}` };
      // The seed differs for every experiment, and is the same when one is repeated.
      const step = STEPS[seed % STEPS.length] ?? 2;
      const next = Number((Number(value) * step).toPrecision(4));
      await writeFile(path, text.replace(assignment, assignment.slice(0, -value.length) + next));
      return {
        status: 'proposed',
        report: {
          title: `${name} ${value} → ${next}`,
          hypothesis: `${name} is off by a factor.`,
          risks: ['The number may have a limit that this agent does not know.'],
          params: { [name]: next },
          source: 'tool',
        },
      };
    },
  }),
});
