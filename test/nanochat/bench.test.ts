import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PYTHON } from './environment.ts';

const BENCH = join(import.meta.dirname, '../../bench/nanochat.ts');

let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'autoresearch-bench-'));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

it('the benchmark of the preset measures whole trials and writes a report', async () => {
  const argv = [BENCH, '--out', out, '--seconds', '2', '--trials', '2', '--profile'];
  const { exitCode, all } = await execa(process.execPath, argv, { env: { NANOCHAT_PYTHON: PYTHON }, all: true, reject: false });
  expect(exitCode, all).toBe(0);
  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
  expect(report).toMatchObject({ size: 'cpu', train_seconds: 2, data: { text_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  expect(report.trials.map((trial: { seed: number }) => trial.seed)).toEqual([1, 2]);
  for (const trial of report.trials) {
    expect(trial.val_bpb).toBeGreaterThan(0.5);
    expect(trial.training_seconds).toBeGreaterThanOrEqual(2);
    expect(trial.not_training_seconds).toBeGreaterThan(0);
    expect(trial.tokens_per_second).toBeGreaterThan(0);
  }
  expect(report.precision.bf16).toBeGreaterThan(1e-3);
  expect(report.precision.bf16).toBeLessThan(1e-2);
  expect(report.attention.every(({ ms }: { ms: number }) => ms > 0)).toBe(true);
  expect(report.profile.length).toBeGreaterThan(5);
  expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain('Noise between seeds: standard deviation');
});
