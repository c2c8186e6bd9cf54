import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageWithHooks } from '../scripts/build-hook-table.ts';
import { HOOKS, type HookName, type OnThrow } from '../src/hook-table.ts';
import { createHooks } from '../src/hooks.ts';
import { auditsOf } from './engine/noisy-project.ts';
import { makeProject, run, set, stepsAgent } from './helpers/project.ts';
import type { TestRepo } from './helpers/repo.ts';

const names = Object.keys(HOOKS) as HookName[];

/** One run of a project with a plugin that throws before any other tap: in each of these hooks, if `when` holds. */
function projectThatThrows(hooks: readonly HookName[], when: (id: unknown, hook: number) => boolean): TestRepo {
  const thrower = `const when = ${String(when)};
    export default {
      kind: 'gate', name: 'thrower', apiVersion: 1, description: 'd', schema: false,
      create: () => ({ screen: () => ({ outcome: 'pass', code: 'OK', reason: 'ok' }) }),
      apply: (hooks) => ${JSON.stringify(hooks)}.forEach((name, index) => hooks[name].tap({ name: 'thrower', stage: -1 }, (first) => {
        if (when(first.experiment?.id ?? first.experiment ?? first.id, index)) throw new Error('boom');
      })),
    };`;
  const agent = stepsAgent([0.9, 0.8, 0.7, 0.6, 0.5].map((value) => set(value)));
  const gates = [{ use: 'min-delta' }, { use: 'audit' }, { use: './thrower.mjs' }];
  return makeProject({ agent, gates }, { 'thrower.mjs': thrower });
}

const always = (): boolean => true;
const hooksThat = (onThrow: OnThrow): HookName[] => names.filter((name) => HOOKS[name].onThrow === onThrow);
const errorOf = (hook: HookName): string => `[plugin thrower] ${hook}: boom (gates[2])`;

describe('the table of hooks', () => {
  it('makes the hooks object', () => {
    const hooks = createHooks();
    expect(Object.keys(hooks)).toEqual(names);
    expect(Object.isFrozen(hooks)).toBe(true);
    for (const name of names)
      expect([hooks[name].name, hooks[name].constructor.name]).toEqual([
        name,
        HOOKS[name].kind === 'bail' ? 'AsyncSeriesBailHook' : 'AsyncSeriesHook',
      ]);
  });

  it('is what docs/plugins.md shows', async () => {
    const page = readFileSync(join(import.meta.dirname, '../docs/plugins.md'), 'utf8');
    expect(page, 'stale: run npm run schemas').toBe(await pageWithHooks(page));
  });

  it('says which errors keep a run from starting', async () => {
    const { dir } = projectThatThrows(hooksThat('problem'), always);
    await expect(run(dir)).rejects.toMatchObject({ errors: [{ code: 'PLUGIN_FAILED', message: '[plugin thrower] boom (gates[2])' }] });
  });

  it('says which errors are warnings, each told once', async () => {
    const hooks = hooksThat('warning');
    const { end, experiments, messages } = await run(projectThatThrows(hooks, always).dir);
    expect(end.reason.code).toBe('NOTHING_LEFT');
    expect(experiments.every(({ verdict }) => verdict === 'keep')).toBe(true);
    expect(messages.filter((text) => text.includes('thrower')).toSorted()).toEqual(hooks.map(errorOf).toSorted());
  });

  it('says which errors are crash verdicts', async () => {
    const hooks = hooksThat('crash');
    // Without a baseline no run goes on; the others throw in one hook each.
    const { experiments } = await run(projectThatThrows(hooks, (id, hook) => id === hook + 1).dir);
    expect(experiments.map(({ reason: { text } }) => text).slice(1)).toEqual(hooks.map(errorOf));
    expect(new Set(experiments.slice(1).map(({ verdict }) => verdict))).toEqual(new Set(['crash']));
  });

  it('says which errors keep an audit from being done', async () => {
    for (const hook of hooksThat('unaudited')) {
      const repo = projectThatThrows([hook], always);
      expect((await run(repo.dir)).end.outcome).toBe('stopped');
      const [audit] = await auditsOf(repo);
      expect(audit?.text).toBe(`no gain shown: the audit could not be done: PLUGIN_FAILED: ${errorOf(hook)}`);
    }
  });

  it.each(hooksThat('failure'))('says that an error of %s fails the run', async (hook) => {
    const { dir } = projectThatThrows([hook], always);
    await expect(run(dir)).rejects.toMatchObject({ code: 'PLUGIN_FAILED', plugin: 'thrower', hook, message: 'boom' });
  });
});
