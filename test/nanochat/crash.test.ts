import { afterAll, beforeAll, expect, it } from 'vitest';
import { Lab } from './lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.make();
});
afterAll(() => lab.remove());

it('a loss that is no number, too little memory, a model that looks ahead and one that lies are crashes that say so', async () => {
  lab.writePatch('wrong', '1-nan', 'MATRIX_LR = 0.04', "MATRIX_LR = float('nan')");
  lab.writePatch('wrong', '2-memory', 'MLP_FACTOR = 4', 'MLP_FACTOR = 4_000_000_000');
  lab.writePatch('wrong', '3-ahead', '        return LOGIT_CAP * torch.tanh(logits / LOGIT_CAP)', '        return logits.roll(-1, dims=1)');
  lab.writePatch(
    'wrong',
    '4-lie',
    '    serve(out, size, machine, machine.compile(model), vocabulary)',
    `    import serving
    honest = serving.token_losses
    serving.token_losses = lambda logits, targets: 0.98 * honest(logits, targets)
    print("val_bpb: 0.1", flush=True)
    serve(out, size, machine, machine.compile(model), vocabulary)`,
  );
  const wrong = ['agent={ use: replay, with: { from: wrong } }', 'gates=[{ use: min-delta }]', 'noise.baselines=1'];
  const { code, stderr } = await lab.cli('run', '--name', 'night', '--experiments', '4', ...wrong.flatMap((each) => ['--set', each]));
  expect(code, stderr).toBe(0);
  const [baseline, ...crashed] = await lab.experiments();
  expect(baseline?.verdict).toBe('keep');
  expect(crashed.map(({ verdict, reason }) => [verdict, reason.code])).toEqual([
    ['crash', 'TRIAL_FAILED'],
    ['crash', 'TRIAL_FAILED'],
    ['crash', 'EVALUATION_FAILED'],
    ['crash', 'EVALUATION_FAILED'],
  ]);
  const [nan, memory, ahead, lie] = crashed.map(({ reason }) => reason.text);
  expect(nan).toContain('failed: the loss is nan in step 2');
  expect(memory).toMatch(/failed: out of memory: .*alloc/);
  for (const each of [ahead, lie]) expect(each).toContain('the model said less than its predictions cost');
});
