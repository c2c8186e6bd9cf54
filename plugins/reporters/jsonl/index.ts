import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { definePlugin, type RunView, type SettledExperiment } from '../../../src/plugin.ts';

export default definePlugin({
  kind: 'reporter',
  name: 'jsonl',
  apiVersion: 1,
  description: 'Writes each settled experiment as one line of JSON, valid against schemas/experiment.schema.json.',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      file: {
        type: 'string',
        minLength: 1,
        description:
          "Where to write, relative to the project's folder; `-` is the standard output. Default: `.autoresearch/<run>/experiments.jsonl`.",
        examples: ['experiments.jsonl', '-'],
      },
    },
  },
  create: ({ file }, { projectDir }) => {
    const pathOf = (run: RunView): string => resolve(projectDir, file ?? join('.autoresearch', run.name, 'experiments.jsonl'));
    return {
      async start(run: RunView) {
        if (file === '-') return;
        await mkdir(dirname(pathOf(run)), { recursive: true });
        await writeFile(pathOf(run), (await recorded(pathOf(run), run)).map((line) => `${line}\n`).join(''));
      },
      async settled(experiment: SettledExperiment, run: RunView) {
        const line = `${JSON.stringify(experiment)}\n`;
        if (file === '-') process.stdout.write(line);
        else await appendFile(pathOf(run), line);
      },
    };
  },
});

/** The lines already there that belong to this run's history, each experiment once; a torn last line is ignored. */
async function recorded(path: string, run: RunView): Promise<string[]> {
  const wanted = new Set(run.history.map((summary) => summary.id));
  return (await readIfThere(path)).split('\n').filter((line) => {
    const experiment = parse(line);
    return experiment?.run === run.name && wanted.delete(experiment.id);
  });
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function parse(line: string): { run: string; id: number } | null {
  try {
    const value: unknown = JSON.parse(line);
    const known = typeof value === 'object' && value !== null && 'run' in value && 'id' in value;
    return known && typeof value.run === 'string' && typeof value.id === 'number' ? { run: value.run, id: value.id } : null;
  } catch {
    return null;
  }
}
