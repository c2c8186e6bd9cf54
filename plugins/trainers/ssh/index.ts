import { createRemoteTrainer, definePlugin, REMOTE_OPTIONS, shellEngine, type RemoteEngine } from '../../../src/plugin.ts';
import { Host } from './host.ts';

export default definePlugin({
  kind: 'trainer',
  name: 'ssh',
  apiVersion: 1,
  description: 'Runs trials on other machines over ssh: they need git and a POSIX shell, and nothing of autoresearch.',
  isRemote: true,
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['hosts', 'run'],
    properties: {
      hosts: {
        type: 'array',
        minItems: 1,
        items: { type: 'string', pattern: '^[^-\\s][^\\s]*$' },
        description:
          'Names as ssh knows them, such as gpu1 or ada@gpu1. Slots are given to them in turn, by the number at the end of a slot’s name: a host named twice gets two.',
      },
      folder: {
        type: 'string',
        pattern: '^[\\w./-]+$',
        default: '.cache/autoresearch',
        description: 'Where jobs are kept there, relative to the home folder.',
      },
      ssh: { type: 'array', items: { type: 'string' }, default: [], description: 'More arguments of ssh, such as [-p, "2222"].' },
      connectSeconds: { type: 'integer', minimum: 1, default: 20, description: 'Seconds that a connection may take.' },
      ...REMOTE_OPTIONS,
    },
  },
  create(options, context) {
    const hosts = new Map<string, Host>();
    const hostOf = (name: string) => {
      const host = hosts.get(name) ?? new Host(name, options, context);
      hosts.set(name, host);
      return host;
    };
    const engines = new Map<string, RemoteEngine>();
    const trainer = createRemoteTrainer({
      options,
      context,
      places: Object.fromEntries(options.hosts.map((name, index) => [name, `slot-${index}`])),
      engineOf(slot) {
        const name = options.hosts[indexOf(slot) % options.hosts.length] ?? '';
        const engine = engines.get(slot) ?? shellEngine(hostOf(name).call, { waitMs: options.pollSeconds * 1000 });
        engines.set(slot, engine);
        return engine;
      },
    });
    return {
      ...trainer,
      async verify(preflight) {
        await Promise.all([...new Set(options.hosts)].map((name) => hostOf(name).verify(preflight)));
      },
      async dispose() {
        await trainer.dispose();
        for (const host of hosts.values()) host.close();
      },
    };
  },
});

/** The host of a slot: by the number at the end of its name, so that after a crash the slot finds its job on the same host. */
function indexOf(slot: string): number {
  return Number(/(\d+)$/.exec(slot)?.[1] ?? 0);
}
