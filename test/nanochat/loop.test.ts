import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf } from '../helpers/project.ts';
import { Lab } from './lab.ts';

const METRICS = ['val_bpb', 'peak_vram_mb', 'mfu_percent', 'num_steps', 'total_tokens_M', 'training_seconds', 'total_seconds'];

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.make();
});
afterAll(() => lab.remove());

describe('a night in miniature', () => {
  it('prepares real text, trains real models, and makes val_bpb better', async () => {
    // The fewest trials that an audit takes. Two baselines differ by chance and tell little about the noise.
    const short = ['--set', 'noise.baselines=1', '--set', 'noise.sigma=0.005', '--set', 'gates[4].with.runs=2'];
    const { code, stderr } = await lab.cli('run', '--name', 'night', '--experiments', '5', ...short);
    expect(code, stderr).toBe(0);
    const manifest = JSON.parse(readFileSync(join(lab.dir, 'cache/cpu/tokens/manifest.json'), 'utf8')) as { vocabulary: number };
    expect(manifest.vocabulary).toBe(1024);
    expect(statSync(join(lab.dir, 'cache/cpu/tokens/training.u16')).size, 'at least 2 MB of text').toBeGreaterThan(2_000_000);

    const experiments = await lab.experiments();
    expect(experiments).toHaveLength(6);
    for (const { trials } of experiments) {
      for (const { state, metrics } of trials)
        if (state === 'measured') expect(Object.keys(metrics).toSorted()).toEqual(METRICS.toSorted());
    }
    const [baseline] = experiments;
    expect(baseline?.metrics['val_bpb']).toBeGreaterThan(1.5);
    expect(baseline?.metrics['val_bpb']).toBeLessThan(2.5);
    expect(baseline?.metrics['training_seconds']).toBeGreaterThanOrEqual(8);
    expect(baseline?.trials[0]?.curves?.['val_bpb']?.length).toBeGreaterThan(20);
    const kept = experiments.filter(({ id, verdict }) => id > 0 && verdict === 'keep');
    expect(kept.length, 'some change was kept').toBeGreaterThan(0);
    expect(kept.at(-1)?.score?.value).toBeLessThan(baseline?.score?.value ?? 0);
    expect(experiments.filter(({ verdict }) => verdict === 'crash')).toEqual([]);
    expect(stderr + readFileSync(join(lab.dir, '.autoresearch/night/report.html'), 'utf8')).toContain('val_bpb');
  });

  it('goes on where it stopped, without preparing anything again', async () => {
    const { code, stderr } = await lab.cli('resume', 'night', '--experiments', '6');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('prepare: size cpu is ready');
    expect(stderr).not.toContain('tokenizer:');
    expect(await lab.experiments()).toHaveLength(7);
    expect(await problemsOf(lab.dir, 'night')).toEqual([]);
  });
});
