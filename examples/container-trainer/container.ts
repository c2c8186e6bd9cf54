import { randomUUID } from 'node:crypto';
import { definePlugin, type TrialRequest } from 'autoresearch/plugin';

const CLEAN_UP_MS = 30_000;

export default definePlugin({
  kind: 'trainer',
  name: 'container',
  apiVersion: 1,
  description: 'Runs a trial in a container: the project folder is all it sees of the machine, and it has no network.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['image', 'run'],
    properties: {
      engine: { enum: ['docker', 'podman'], default: 'docker', description: 'The program that runs containers.' },
      image: { type: 'string', minLength: 1, description: 'The image, best with a digest, so that it stays the same.' },
      run: { type: 'array', minItems: 1, items: { type: 'string' }, description: 'The program in the container and its arguments.' },
      network: { type: 'string', default: 'none', description: 'The network of the container.' },
      mount: {
        type: 'array',
        items: { type: 'string', pattern: '^/[^:]*:/[^:]*$' },
        default: [],
        description: 'More folders, read only, such as /data/corpus:/data.',
      },
      env: { type: 'array', items: { type: 'string' }, default: [], description: 'Names of further environment variables it gets.' },
      args: { type: 'array', items: { type: 'string' }, default: [], description: 'More arguments of the engine, such as --gpus=all.' },
    },
  },
  create(options, { exec, path, log }) {
    const { engine, image, run, network, mount, args } = options;
    const argvOf = (name: string, { cwd, env }: TrialRequest): [string, ...string[]] => [
      engine,
      'run',
      '--rm',
      // As process 1, so that signals reach the program and what it leaves is reaped.
      '--init',
      `--name=${name}`,
      `--network=${network}`,
      `--volume=${cwd}:/work`,
      '--workdir=/work',
      ...mount.map((each) => `--volume=${each}:ro`),
      // Files it writes are to belong to whoever runs this.
      ...(engine === 'podman' ? ['--userns=keep-id'] : [`--user=${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`]),
      // By name only: the values do not show in the list of processes.
      ...Object.keys(env)
        .filter((name) => name.startsWith('AUTORESEARCH_') || options.env.includes(name))
        .map((name) => `--env=${name}`),
      ...args,
      image,
      ...run,
    ];
    return {
      async verify(preflight) {
        const { exit, spawnError, tail } = await exec([engine, 'image', 'inspect', image], { timeoutMs: CLEAN_UP_MS });
        if (exit === 'completed') return;
        const why = spawnError === undefined ? `has no image ${image}: ${lastLine(tail)}` : `cannot be started (${spawnError})`;
        preflight.problem('CONTAINER_IMAGE', `${path}: ${engine} ${why}`, `${engine} pull ${image}`);
      },
      async train(request) {
        const name = `autoresearch-${randomUUID()}`;
        const { cwd, env, timeoutMs, logFile, signal, onLine } = request;
        const ended = await exec(argvOf(name, request), { cwd, env, timeoutMs, logFile, signal, onLine });
        // The container belongs to the engine's daemon: ending the program that started it does not end it.
        if (ended.exit !== 'completed') {
          const removed = await exec([engine, 'rm', '--force', name], { env, timeoutMs: CLEAN_UP_MS });
          if (removed.exit !== 'completed' && !signal.aborted) log.debug(`${engine} rm ${name}: ${lastLine(removed.tail)}`);
        }
        const { exit, exitCode, seconds, tail } = ended;
        const detail = exit === 'failed' && { detail: ended.spawnError ?? lastLine(tail) };
        // The memory of the engine's program is not the memory of the trial.
        return { exit, exitCode, signal: ended.signal, seconds, peakMemoryMb: null, ...detail };
      },
    };
  },
});

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
}
