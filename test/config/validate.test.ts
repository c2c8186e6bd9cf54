import { describe, expect, test } from 'vitest';
import { failures, goodConfig, load, makeGoodProject, problems } from './project.ts';

/** The errors of a good config with one part replaced, without the file's name. */
async function errorsOf(parts: Readonly<Record<string, string>>): Promise<string[]> {
  return (await problems(makeGoodProject(parts))).map((line) => line.replace('autoresearch.config.yaml:', ''));
}

describe('one mistake gives one error, at its place', () => {
  test.each([
    [{ scope: 'scope: { edti: [a] }' }, ['1:10 CONFIG_UNKNOWN_KEY scope: unknown key "edti". Did you mean "edit"?']],
    [{ scope: 'scope: {}' }, ['1:1 CONFIG_MISSING_KEY scope: missing key "edit"']],
    [{ scope: 'scope: { edit: [] }' }, ['1:16 CONFIG_VALUE scope.edit: must not be empty']],
    [{ scope: 'scope: { edit: train.py }' }, ['1:16 CONFIG_TYPE scope.edit: must be a list, not "train.py"']],
    [{ scope: '' }, ['1:1 CONFIG_MISSING_KEY missing key "scope"']],
    [{ objective: 'objective: single' }, ['2:12 CONFIG_TYPE objective: must be a map, not "single"']],
    [{ objective: 'objective: { with: {} }' }, ['2:1 CONFIG_MISSING_KEY objective: missing key "use"']],
    [{ agent: 'agent: { use: ./plugins.mjs#none, timeout: 5 }' }, ['3:44 CONFIG_TYPE agent.timeout: must be a string, not the number 5']],
    [
      { agent: 'agent: [{ use: ./plugins.mjs#none, tiemout: 5m }]' },
      ['3:36 CONFIG_UNKNOWN_KEY agent[0]: unknown key "tiemout". Did you mean "timeout"?'],
    ],
    [{ agent: 'agent: search' }, ['3:8 CONFIG_TYPE agent: must be a map, not "search"']],
    [{ agent: 'agent: []' }, ['3:8 CONFIG_VALUE agent: must not be empty']],
    [{ seed: 'seed: -1' }, ['7:7 CONFIG_VALUE seed: must be at least 0, not -1']],
    [{ seed: 'seed: .nan' }, ['7:7 CONFIG_TYPE seed: must be a whole number, not the number NaN']],
    [{ slots: 'slots: [a, b, a]' }, ['7:15 CONFIG_VALUE slots: this item stands in the list twice']],
    [{ budget: 'budget: { time: 8 hours }' }, ['7:17 CONFIG_VALUE budget.time: "8 hours" is not a duration']],
    [{ budget: 'budget: { cost: 0 }' }, ['7:17 CONFIG_VALUE budget.cost: must be more than 0, not 0']],
    [{ workspace: 'workspace: { env: [A-B] }' }, ['7:20 CONFIG_VALUE workspace.env[0]: "A-B" does not match ^[A-Za-z_][A-Za-z0-9_]*$']],
    [{ gates: 'gates: [min-delta]' }, ['7:9 CONFIG_TYPE gates[0]: must be a map, not "min-delta"']],
    [{ gates: 'gates: { use: min-delta }' }, ['7:8 CONFIG_TYPE gates: must be a list, not a map']],
    [{ extend: 'extend: ./a.yaml' }, ['7:1 CONFIG_UNKNOWN_KEY unknown key "extend". Did you mean "extends"?']],
    [{ quotas: 'quotas: auto' }, ['7:1 CONFIG_UNKNOWN_KEY unknown key "quotas"']],
    [{ sandbox: 'sandbox: on' }, ['7:10 CONFIG_VALUE sandbox: must be one of auto, bwrap, off, not "on"']],
  ])('%j', async (parts, errors) => {
    const found = await errorsOf(parts);
    expect(found.slice(0, errors.length)).toEqual(errors);
  });

  test('shows how a plain name is written', async () => {
    const { errors } = await failures(makeGoodProject({ objective: 'objective: single' }));
    expect(errors[0]?.hint).toBe('Write { use: single }.');
  });

  test('a name of a metric that cannot be one', async () => {
    const metrics = "metrics: { loss: { use: regex, with: { pattern: '(.)' } }, 'a b': { use: regex, with: { pattern: '(.)' } } }";
    expect(await errorsOf({ metrics })).toEqual(['5:60 CONFIG_VALUE metrics: "a b" cannot be a name here']);
  });
});

describe('options of plugins', () => {
  const gate = (options: string) => ({ gates: `gates: [{ use: ./plugins.mjs#better }, { use: ./plugins.mjs#limit, with: ${options} }]` });

  test.each([
    ['{ max: 1, mni: 0 }', ['7:84 CONFIG_UNKNOWN_KEY gates[1].with: unknown option "mni". Did you mean "min"?']],
    ['{ max: "1" }', ['7:81 CONFIG_TYPE gates[1].with.max: must be a number, not "1"']],
    ['{}', ['7:68 CONFIG_MISSING_KEY gates[1].with: missing option "max"']],
    ['{ max: 1, min: 2 }', ['7:68 CONFIG_INVALID gates[1]: limit refuses its options: max is below min']],
    ['{ max: 1, metric: los }', ['7:92 CONFIG_UNKNOWN_METRIC gates[1].with.metric: there is no metric "los". Did you mean "loss"?']],
    ['{ max: 1, metrics: [loss, mem] }', ['7:100 CONFIG_UNKNOWN_METRIC gates[1].with.metrics[1]: there is no metric "mem"']],
  ])('%s', async (options, errors) => {
    expect(await errorsOf(gate(options))).toEqual(errors);
  });

  test('a plugin without options takes none', async () => {
    const { errors } = await failures(makeGoodProject({ gates: 'gates: [{ use: ./plugins.mjs#better, with: { x: 1 } }]' }));
    expect(errors[0]).toMatchObject({ code: 'CONFIG_UNKNOWN_KEY', hint: 'better takes no options.' });
  });

  test('missing options point at the list item when there is no `with`', async () => {
    const { errors } = await failures(
      makeGoodProject({ gates: 'gates:\n  - { use: ./plugins.mjs#better }\n  - { use: ./plugins.mjs#limit }' }),
    );
    expect(errors[0]).toMatchObject({ code: 'CONFIG_MISSING_KEY', at: { line: 9, column: 5 } });
  });
});

describe('rules over several places', () => {
  test.each([
    [
      { gates: 'gates: []' },
      [
        "7:1 CONFIG_NO_IMPROVEMENT_GATE gates: none of them compares the score with the incumbent's, so a change for the worse would be kept",
      ],
    ],
    [
      { objective: 'objective: { use: single, with: { metric: acc, direction: maximize } }' },
      ['2:43 CONFIG_UNKNOWN_METRIC objective.with.metric: there is no metric "acc"'],
    ],
    [
      { budget: 'budget: { time: 4s }' },
      [
        '4:69 CONFIG_INVALID trainer.timeout: 5s is longer than the whole run may take (budget.time is 4s)',
        '3:44 CONFIG_INVALID agent.timeout: 1m is longer than the whole run may take (budget.time is 4s)',
      ],
    ],
    [{ agent: 'agent: { use: ./plugins.mjs#none, timeout: 30d }' }, ['3:44 CONFIG_VALUE agent.timeout: must be at most 24d']],
    [{ scope: 'scope: { edit: [/etc/x] }' }, ['1:17 CONFIG_VALUE scope.edit[0]: "/etc/x" is an absolute path']],
    [
      { scope: 'scope: { edit: [a], protect: [src/../../b] }' },
      ['1:31 CONFIG_VALUE scope.protect[0]: "src/../../b" leaves the project\'s folder'],
    ],
    [{ workspace: 'workspace: { outputs: [./] }' }, ['7:24 CONFIG_VALUE workspace.outputs[0]: "./" is the whole project\'s folder']],
    [{ workspace: "workspace: { link: ['C:\\data'] }" }, ['7:21 CONFIG_VALUE workspace.link[0]: "C:\\\\data" is an absolute path']],
    [{ root: 'root: /tmp' }, ['7:7 CONFIG_VALUE root: /tmp must be relative to the config file']],
  ])('%j', async (parts, errors) => {
    expect((await errorsOf(parts)).toSorted()).toEqual(errors.toSorted());
  });

  test('a default timeout does not stop a short try', async () => {
    const parts = { trainer: 'trainer: { use: command, with: { run: [node, x] } }', agent: 'agent: { use: ./plugins.mjs#none }' };
    const { config } = await load(makeGoodProject({ ...parts, budget: 'budget: { time: 5s }' }));
    expect(config.budget.time).toBe('5s');
  });

  test('a gate that could not be loaded might have been the one: no guess is made', async () => {
    const errors = await errorsOf({ gates: 'gates: [{ use: ./none.mjs }]' });
    expect(errors).toEqual(['7:16 PLUGIN_NOT_FOUND gates[0].use: there is no file ./none.mjs']);
  });
});

describe('all at once', () => {
  test('every kind of error together, sorted by line and column, with frames', async () => {
    const dir = makeGoodProject({
      scope: 'scope: { edit: [../a], protct: [] }',
      objective: 'objective: { use: single, with: { metric: los, direction: minimize } }',
      trainer: 'trainer: { use: comand, timeout: 5 }',
      gates: 'gates: [{ use: ./plugins.mjs#limit, with: { mx: 1 } }]',
      last: 'bugdet: {}',
    });
    const { errors, exitCode } = await failures(dir);
    expect(exitCode).toBe(2);
    expect(errors.map(({ code, at }) => [code, at?.line, at?.column])).toEqual([
      ['CONFIG_VALUE', 1, 17],
      ['CONFIG_UNKNOWN_KEY', 1, 24],
      ['CONFIG_UNKNOWN_METRIC', 2, 43],
      ['PLUGIN_NOT_FOUND', 4, 17],
      ['CONFIG_TYPE', 4, 34],
      ['CONFIG_UNKNOWN_KEY', 7, 45],
      ['CONFIG_UNKNOWN_KEY', 8, 1],
    ]);
    expect(errors.every(({ frame }) => frame?.includes('^'))).toBe(true);
  });

  test('a name in capitals is no better than a missing one: only one of the two is shown', async () => {
    expect(await errorsOf({ trainer: 'Trainer: { use: command }' })).toEqual([
      '4:1 CONFIG_UNKNOWN_KEY unknown key "Trainer". Did you mean "trainer"?',
    ]);
  });

  test('the good config is good', async () => {
    expect(goodConfig()).toContain('metrics');
    await expect(load(makeGoodProject())).resolves.toBeDefined();
  });
});
