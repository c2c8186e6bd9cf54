import { join } from 'node:path';

/** Where answers are, or once were, seen from a candidate that knows all about the engine. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  'extraction-precision': ['data/documents.jsonl', 'data/holdout.jsonl'],
  'cost-guarded': ['data/messages.jsonl', 'data/holdout.jsonl'],
  'order-accuracy': ['data/loop/labels.csv', 'data/holdout/labels.csv'],
};

/**
 * Code for the start of a candidate's module: it tries every way to the answers and to the number that it can think of, and
 * says `REACHED` or `DENIED` for each. How many ways there are comes with it.
 */
export function thiefOf(preset: string, project: string): { readonly code: string; readonly ways: number } {
  const run = join(project, '.autoresearch/planted');
  const files = (ANSWERS[preset] ?? []).flatMap((path) => [
    path,
    join(project, path),
    join(run, 'worktrees/default', path),
    join(run, 'worktrees/evaluate-default', path),
  ]);
  const handed = ['data/loop/data.json', 'data/holdout/data.json', 'wal.jsonl', 'evaluate-default.log'].map((path) => join(run, path));
  const written = [join(run, 'worktrees/evaluate-default/results/metrics.json'), join(run, 'data/loop/data.json'), 'evaluate.mjs'];
  return {
    ways: files.length + handed.length + written.length + 3,
    code: `
const fs = await import('node:fs');
const attempt = (name, action) => {
  try { console.error((action() ? 'REACHED ' : 'DENIED ') + name); } catch { console.error('DENIED ' + name); }
};
for (const file of ${JSON.stringify([...files, ...handed])}) attempt(file, () => fs.readFileSync(file).length > 0);
for (const file of ${JSON.stringify(written)}) attempt('write ' + file, () => fs.writeFileSync(file, '{"all":{"precision":1},"cost_cents":0,"accuracy":1}') === undefined);
attempt('parent', () => fs.readFileSync('/proc/' + process.ppid + '/environ', 'utf8').includes('AUTORESEARCH_SPLIT'));
attempt('split', () => process.env.AUTORESEARCH_SPLIT !== undefined);
attempt('evaluator', () => process.env.AUTORESEARCH_DATA !== undefined && /"split": "(loop|holdout)"/.test(fs.readFileSync(process.env.AUTORESEARCH_DATA, 'utf8')));
console.log('precision 1.0');
console.log('cost 0 cents');
console.log('order_accuracy: 1.0000');
`,
  };
}
