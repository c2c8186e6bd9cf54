import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { thiefOf } from './thief.ts';
import { auditedGain, cli, replay, runPreset, setUp } from './preset.ts';

it('halves the cost, offline, with an audited gain and the compromises in the report', async () => {
  const { project, code, out } = await runPreset('cost-guarded', '--name', 'night');
  expect(code, out).toBe(0);
  expect(auditedGain(out)?.low).toBeGreaterThan(0);
  const report = readFileSync(join(project, '.autoresearch/night/report.html'), 'utf8');
  expect(report).toContain('<h2>Compromises</h2>');
  expect(cli(project, 'verify').code).toBe(0);
});

it('discards cheaper routers that miss a constraint or a guarded queue, and says which', async () => {
  const project = await setUp('cost-guarded');
  const settings = (values: Readonly<Record<string, number>>) => ({
    'router/settings.json': (text: string) => JSON.stringify({ ...(JSON.parse(text) as object), ...values }, null, 2),
  });
  const { experiments } = await replay(project, [
    { title: 'trust the small model', edit: settings({ smallFrom: 0.4, smallFromRegulated: 0.4 }) },
    { title: 'trust it with the law', edit: settings({ smallFrom: 0.6 }) },
  ]);
  const [baseline, bold, lawless] = experiments;
  for (const each of [bold, lawless]) {
    expect(each?.verdict).toBe('discard');
    expect(Number(each?.metrics['cost_cents'])).toBeLessThan(0.95 * Number(baseline?.metrics['cost_cents']));
  }
  expect(bold?.reason).toEqual({ code: 'CONSTRAINT', text: expect.stringContaining('accuracy') });
  expect(lawless?.judgements.filter(({ outcome }) => outcome === 'fail').map(({ reason }) => reason)).toEqual(
    expect.arrayContaining([expect.stringMatching(/right of (complaint|fraud|privacy)/)]),
  );
});

it.each(['auto', 'off'])('gives the router texts alone (sandbox: %s)', async (sandbox) => {
  const project = await setUp('cost-guarded');
  const { code, ways } = thiefOf('cost-guarded', project);
  const thief = `${code}
export const route = async (text, models) => (typeof text === 'string' && Object.keys(models).join() === 'small,large' ? 'billing' : 'REACHED');
`;
  const { experiments, logs } = await replay(
    project,
    [{ title: 'steal', edit: { 'router/route.mjs': () => thief } }],
    `sandbox=${sandbox}`,
  );
  expect(experiments[1]?.verdict).toBe('discard');
  expect(Number(experiments[1]?.metrics['accuracy'])).toBeLessThan(0.4);
  const log = logs.get(1) ?? '';
  expect(log).not.toContain('REACHED');
  expect(log.match(/^DENIED /gm)).toHaveLength(ways);
});
