import { afterAll, beforeAll, expect, it } from 'vitest';
import { Lab } from './lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.make();
});
afterAll(() => lab.remove());

it('a loss that is no number, a model that looks ahead, and too little memory are crashes that say so', async () => {
  lab.writePatch('wrong', '1-nan', 'MATRIX_LR = 0.04', "MATRIX_LR = float('nan')");
  lab.writePatch('wrong', '2-memory', 'MLP_FACTOR = 4', 'MLP_FACTOR = 4_000_000_000');
  lab.writePatch('wrong', '3-ahead', '        return LOGIT_CAP * torch.tanh(logits / LOGIT_CAP)', '        return logits.roll(-1, dims=1)');
  const wrong = ['agent={ use: replay, with: { from: wrong } }', 'gates=[{ use: min-delta }]', 'noise.baselines=1'];
  const { code, stderr } = await lab.cli('run', '--name', 'night', '--experiments', '3', ...wrong.flatMap((each) => ['--set', each]));
  expect(code, stderr).toBe(0);
  const [baseline, ...crashed] = await lab.experiments();
  expect(baseline?.verdict).toBe('keep');
  expect(crashed.map(({ verdict, reason }) => [verdict, reason.code])).toEqual(Array(3).fill(['crash', 'TRIAL_FAILED']));
  const [nan, memory, ahead] = crashed.map(({ reason }) => reason.text);
  expect(nan).toContain('failed: the loss is nan in step 2');
  expect(memory).toMatch(/failed: out of memory: .*alloc/);
  expect(ahead).toContain('failed: evaluation: the model looks ahead');
});
