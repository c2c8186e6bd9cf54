import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { thiefOf } from './thief.ts';
import { auditedGain, cli, emptyFolder, git, replay, root, runPreset, setUp } from './preset.ts';

const SETTINGS = 'matcher/settings.mjs';
const preset = join(root, 'presets/order-accuracy');
const setting = (name: string, value: string) => (text: string) =>
  text.replace(new RegExp(`^(export const ${name} = ).*;`, 'm'), `$1${value};`);
const all =
  (...changes: readonly ((text: string) => string)[]) =>
  (text: string) =>
    changes.reduce((now, change) => change(now), text);

describe('order-accuracy', () => {
  it('finds a gain that holds on orders nobody has seen', async () => {
    const { project, code, out } = await runPreset('order-accuracy', '--experiments', '12');
    expect(code, out).toBe(0);
    const gain = auditedGain(out);
    expect(gain, out).not.toBeNull();
    expect(gain?.low).toBeGreaterThan(0);
    expect(gain?.high).toBeGreaterThan(gain?.low ?? 0);
    expect(cli(project, 'verify').code).toBe(0);
    expect(git(project, 'status', '--porcelain')).toBe('');
    expect(git(project, 'log', '--all', '--format=', '--name-only')).not.toContain('holdout');
  });

  it('discards what is better for the number and worse for the house, and says why', async () => {
    const careless = all(
      setting('CONTROLLED_ACCEPT_FROM', '0.3'),
      setting('CONTROLLED_LEAD', '0'),
      setting('ACCEPT_FROM', '0.3'),
      setting('LEAD', '0'),
    );
    const { experiments } = await replay(await setUp('order-accuracy'), [
      { title: 'accepts controlled goods on a hunch', edit: { [SETTINGS]: careless } },
      { title: 'leaves it to the desk', edit: { [SETTINGS]: all(setting('ACCEPT_FROM', '9'), setting('CONTROLLED_ACCEPT_FROM', '9')) } },
    ]);
    const [baseline, hunch, desk] = experiments;
    expect(hunch?.score?.value).toBeGreaterThan((baseline?.score?.value ?? 1) + 0.1);
    expect(hunch).toMatchObject({
      verdict: 'discard',
      reason: { code: 'GUARDRAIL', text: expect.stringMatching(/^false_accepts .* points worse/) },
    });
    expect(desk).toMatchObject({
      verdict: 'discard',
      reason: { code: 'GUARDRAIL', text: expect.stringMatching(/^review_share .* is above its limit 0\.5$/) },
    });
  });

  it.each(['auto', 'off'])('keeps labels and held-out orders from a matcher that is after them (sandbox: %s)', async (sandbox) => {
    const project = await setUp('order-accuracy');
    const { code, ways } = thiefOf('order-accuracy', project);
    const edit = { 'matcher/match.mjs': (text: string) => `${text}${code}` };
    const { experiments, logs } = await replay(project, [{ title: 'looks for the answers', edit }], `sandbox=${sandbox}`);
    const [baseline, snooping] = experiments;
    const log = logs.get(1) ?? '';
    expect(snooping?.score?.value).toBe(baseline?.score?.value);
    expect(snooping?.verdict).toBe('discard');
    expect(log).not.toContain('REACHED');
    expect(log.match(/^DENIED /gm)).toHaveLength(ways);
    expect(log).toContain('order_accuracy: 1.0000');
  });

  it('says which row of the data is not as it should be', async () => {
    const project = await setUp('order-accuracy');
    const file = join(project, 'data/loop/orders.csv');
    const rows = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, rows.with(4, (rows[4] ?? '').replace(/,yes,|,no,/, ',maybe,')).join('\n'));
    const { code, out } = cli(project, 'check');
    expect([code, out]).toEqual([3, expect.stringMatching(/data\/loop\/orders\.csv:5 DATA_ROW_INVALID licence/)]);
  });

  it('has sample data that its generator makes again', () => {
    const make =
      "import('./generator/index.mjs').then(({ catalogueCsv, writeOrders, EXAMPLES }) => { writeOrders(process.argv[1], { seed: 20260302, count: EXAMPLES }); process.stdout.write(catalogueCsv()); })";
    const folder = emptyFolder();
    const catalogue = execFileSync(process.execPath, ['-e', make, folder], { cwd: preset, encoding: 'utf8' });
    const data = (file: string) => readFileSync(join(preset, 'project/data', file), 'utf8');
    expect(catalogue).toBe(data('catalogue.csv'));
    for (const file of ['orders.csv', 'labels.csv']) expect(readFileSync(join(folder, file), 'utf8')).toBe(data(`examples/${file}`));
  });
});
