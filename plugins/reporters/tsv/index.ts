import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { definePlugin, type RunView, type SettledExperiment, type Summary } from '../../../src/plugin.ts';

type Line = Pick<Summary, 'candidate' | 'score' | 'metrics' | 'verdict' | 'title' | 'kind'>;

export default definePlugin({
  kind: 'reporter',
  name: 'tsv',
  apiVersion: 1,
  description: 'Writes one line an experiment to a tab-separated file: commit, score, memory, verdict and title.',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      file: {
        type: 'string',
        minLength: 1,
        description: "Where to write, relative to the project's folder. Default: `.autoresearch/<run>/results.tsv`.",
        examples: ['results.tsv'],
      },
    },
  },
  create: ({ file }, { projectDir }) => {
    const pathOf = (run: RunView): string => resolve(projectDir, file ?? join('.autoresearch', run.name, 'results.tsv'));
    return {
      /** Written again from the whole record, so that a resumed run has each experiment once. */
      async start(run: RunView) {
        const header = ['commit', cell(run.objective.label), 'memory_gb', 'status', 'description'].join('\t');
        await mkdir(dirname(pathOf(run)), { recursive: true });
        await writeFile(pathOf(run), `${[header, ...run.history.map(lineOf)].join('\n')}\n`);
      },
      async settled({ kind, candidate, score, metrics, verdict, proposal }: SettledExperiment, run: RunView) {
        const line = { candidate, score: score?.value ?? null, metrics, verdict, title: proposal.title, kind };
        await appendFile(pathOf(run), `${lineOf(line)}\n`);
      },
    };
  },
});

/** A control has a status of its own, so that nobody counts it as an attempt. */
function lineOf({ candidate, score, metrics, verdict, title, kind }: Line): string {
  const memory = metrics['peak_memory_mb'] ?? metrics['peak_vram_mb'] ?? 0;
  return [
    candidate?.slice(0, 7) ?? '-',
    scoreOf(verdict, score),
    (memory / 1024).toFixed(1),
    kind === 'control' ? 'control' : verdict,
    cell(title),
  ].join('\t');
}

/** A crash is 0 by the format's custom; any other missing score stays empty rather than become a number. */
function scoreOf(verdict: Line['verdict'], score: number | null): string {
  if (verdict === 'crash') return '0.000000';
  if (score === null) return '';
  const fixed = score.toFixed(6);
  return score !== 0 && Number(fixed) === 0 ? String(score) : fixed;
}

/** A title may hold anything; a cell holds no tab, line end or other control character, and is no formula of a spreadsheet. */
function cell(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/gu, ' ').trim();
  return /^[\s\p{Cf}"]*[=+\-@＝＋－＠]/u.test(line) ? `'${line}` : line;
}
