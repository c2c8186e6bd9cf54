import { definePlugin } from 'autoresearch/plugin';

export default definePlugin({
  kind: 'trainer',
  name: 'my-plugin',
  apiVersion: 1,
  description: 'Runs a program at low priority, so that the machine stays usable.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['run'],
    properties: {
      run: { type: 'array', minItems: 1, items: { type: 'string' }, description: 'The program and its arguments.' },
      niceness: { type: 'integer', minimum: 0, maximum: 19, default: 10, description: '19 is the lowest priority.' },
    },
  },
  create: ({ run, niceness }, { exec }) => ({
    async train({ cwd, env, timeoutMs, logFile, signal, onLine }) {
      // exec ends the whole process tree at the timeout and on abort, and answers a bad exit as a value.
      const ended = await exec(['nice', '-n', String(niceness), ...run], { cwd, env, timeoutMs, logFile, signal, onLine });
      const { exit, exitCode, seconds, peakMemoryMb, tail } = ended;
      const detail = ended.spawnError ?? tail.trimEnd().split('\n').at(-1)?.slice(0, 300) ?? '';
      return { exit, exitCode, signal: ended.signal, seconds, peakMemoryMb, ...(exit === 'failed' && { detail }) };
    },
  }),
});
