import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { experimentsOf } from '../helpers/project.ts';
import { runCli } from '../helpers/run-cli.ts';

const IDEAS = join(import.meta.dirname, '../../presets/nanochat/project/ideas');
const SPEEDRUN = join(IDEAS, '../ideas-speedrun');
const names = readdirSync(IDEAS).toSorted();

/** Trains nothing: every kept commit makes the number better, so that each idea meets all those before it. */
const CONFIG = `
extends: preset:nanochat
prepare: null
workspace: { link: [] }
trainer: { evaluate: null, with: { run: [sh, -c, 'echo "val_bpb: -$(git rev-list --count HEAD)"'] }, timeout: 20s }
metrics:
  {
    val_bpb: { with: { curve: null } },
    peak_vram_mb: null,
    mfu_percent: null,
    num_steps: null,
    total_tokens_M: null,
    training_seconds: null,
    total_seconds: null,
  }
noise: { sigma: null }
gates: [{ use: min-delta }]
agent: { use: replay, with: { from: ideas } }
`;

/** The numbers of the model that the record ended with. */
const FINAL = [
  'TOTAL_BATCH = 262144',
  'DEPTH = 9',
  'WIDTH_PER_LAYER = 57',
  'WINDOWS = "SSSSL"',
  'SHORT_WINDOW = 0.125',
  'ROPE_BASE = 200000',
  'MATRIX_SPREAD = 0.68',
  'SKIP_SCALE = 0.05',
  'EMBEDDING_LR = 0.9',
  'VALUE_LR = 0.9',
  'UNEMBEDDING_LR = 0.005',
  'MOMENTUM_STEPS = 200',
  'VALUE_DECAY = 0.003',
  'EMBEDDING_DECAY = 0.001',
  'UNEMBEDDING_DECAY = 0.01',
  'WARMDOWN = 0.75',
  'FINAL_LR = 0.05',
];

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'autoresearch-ideas-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the ideas of the nanochat preset', () => {
  it('are the 22 keeps of the record: patches of a few lines of train.py, each with its reasons', () => {
    expect(names).toHaveLength(22);
    for (const name of names) {
      const text = readFileSync(join(IDEAS, name), 'utf8');
      expect(text, name).toMatch(
        /^Subject: .+\n\nHypothesis: .+\n\nRationale: .+\n\nRisks: .+\n\n---\n--- a\/train\.py\n\+\+\+ b\/train\.py\n/,
      );
      expect(text.match(/^[-+][^-+]/gm)?.length, name).toBeLessThanOrEqual(4);
    }
  });

  it('are followed by a second set, of the speed runs, that applies in its order too', () => {
    const patches = readdirSync(SPEEDRUN).toSorted();
    const lab = mkdtempSync(join(root, 'speedrun-'));
    copyFileSync(join(IDEAS, '../train.py'), join(lab, 'train.py'));
    for (const patch of patches) execFileSync('git', ['apply', join(SPEEDRUN, patch)], { cwd: lab });
    expect(patches.length).toBeGreaterThanOrEqual(15);
  });

  it('are applied one on top of the other by the agent replay', async () => {
    const lab = join(root, 'lab');
    expect((await runCli(['init', 'lab', '--preset', 'nanochat'], { cwd: root })).code).toBe(0);
    writeFileSync(join(lab, 'autoresearch.config.yaml'), CONFIG);
    const { code, stderr } = await runCli(['run', '--name', 'night'], { cwd: lab });
    expect(code, stderr).toBe(0);
    const [, ...experiments] = await experimentsOf(lab, 'night');
    expect(experiments.map(({ verdict, proposal }) => [verdict, proposal.params?.['patch']])).toEqual(names.map((name) => ['keep', name]));
    expect(experiments[0]?.proposal.title).toBe('Halve the batch');
    const final = execFileSync('git', ['show', 'autoresearch/night:train.py'], { cwd: lab, encoding: 'utf8' });
    for (const line of FINAL) expect(final).toContain(`\n${line}\n`);
  });

  it('lead from the baseline to the end of the record without a gap', () => {
    const figures = names.map((name) =>
      /val_bpb from (0\.\d{6}) to (0\.\d{6}) \((-0\.\d{6})\)/
        .exec(readFileSync(join(IDEAS, name), 'utf8'))
        ?.slice(1)
        .map(Number),
    );
    let before = 0.9979;
    for (const [from, to, delta] of figures as [number, number, number][]) {
      expect(from).toBe(before);
      expect(to - from).toBeCloseTo(delta, 6);
      before = to;
    }
    expect(before).toBe(0.969686);
  });
});
