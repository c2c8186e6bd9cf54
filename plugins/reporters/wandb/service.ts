import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { PluginContext, RunView } from '../../../src/plugin.ts';
import { numbersOf, plain, safeName } from '../_delivery/facts.ts';
import type { Service } from '../_delivery/service.ts';
import { Python } from './python.ts';

interface Options {
  readonly project: string;
  readonly entity?: string;
  readonly mode?: 'online' | 'offline';
  readonly dir: string;
  readonly tags: readonly string[];
  readonly python: string;
  readonly timeoutMs: number;
}

/** A run of ours is a run there, under an id made of its ledger; each experiment is a step of its history. */
export function wandbService(options: Options, context: PluginContext): Service {
  const { project, entity, mode, tags, timeoutMs } = options;
  const dir = resolve(context.projectDir, options.dir);
  const python = options.python.includes('/') ? resolve(context.projectDir, options.python) : options.python;
  const child = new Python(context, { python, timeoutMs });

  return {
    async open(run) {
      await mkdir(dir, { recursive: true });
      await child.start();
      const init = {
        id: wandbId(run),
        name: run.name,
        project,
        config: configOf(run),
        tags,
        ...(entity && { entity }),
        ...(mode && { mode }),
      };
      try {
        const { next } = await child.ask({ op: 'open', dir, init });
        return typeof next === 'number' ? next : undefined;
      } catch (error) {
        // A run that is half open could not be opened again.
        child.kill('it could not be opened');
        throw error;
      }
    },
    async experiment({ record, at }) {
      const experiment = await record();
      const { id, verdict, score } = experiment;
      const numbers = Object.entries(numbersOf(experiment)).map(([name, value]) => [safeName(name), value] as const);
      const values = {
        ...Object.fromEntries(numbers),
        experiment: id,
        verdict,
        ...(verdict === 'keep' && score && { incumbent: score.value }),
      };
      await child.ask({ op: 'log', step: at, values });
    },
    async audit({ claim, final, text }, index) {
      const values = { change: claim.value, low: claim.low, high: claim.high, experiment: final.id, text: plain(text) };
      await child.ask({
        op: 'summary',
        values: Object.fromEntries(Object.entries(values).map(([key, value]) => [`audit/${index}/${key}`, value])),
      });
    },
    // A row of its history is an experiment, so that a trial's points are no rows: the last ones are in its summary.
    async live(points) {
      const last = Object.fromEntries(points.map(({ key, value }) => [key, value]));
      await child.ask({ op: 'summary', values: { ...last, 'live/experiment': points.at(-1)?.experiment ?? 0 } });
    },
    async end(_run, { outcome }) {
      await child.ask({ op: 'finish', code: outcome === 'failed' ? 1 : 0 });
    },
    close: () => child.close(),
  };
}

export function wandbId(run: RunView): string {
  return `ar-${createHash('sha256')
    .update(run.ledger?.id ?? run.name)
    .digest('hex')
    .slice(0, 16)}`;
}

function configOf({ name, seed, objective, budget, rules }: RunView) {
  return { run: name, seed, objective: objective.label, direction: objective.direction, rules, budget };
}
