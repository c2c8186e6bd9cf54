import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { definePlugin, type RunView } from 'autoresearch/plugin';

export default definePlugin({
  kind: 'reporter',
  name: 'my-plugin',
  apiVersion: 1,
  description: 'Writes what was kept so far as a Markdown table.',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      file: { type: 'string', minLength: 1, default: 'kept.md', description: 'Where to write, relative to the project folder.' },
    },
  },
  create: ({ file }, { projectDir }) => {
    const path = resolve(projectDir, file);
    // Written anew from the record each time, so that a resumed run has each experiment once.
    const write = async (run: RunView) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, tableOf(run));
    };
    return { start: write, settled: (_experiment, run) => write(run), done: write };
  },
});

function tableOf({ name, objective, history }: RunView): string {
  const kept = history.filter(({ verdict }) => verdict === 'keep');
  const rows = kept.map(({ id, score, title }) => `| ${id} | ${score ?? ''} | ${title.replaceAll('|', '\\|')} |`);
  return [`# ${name}`, '', `| # | ${objective.label} | change |`, '| --- | --- | --- |', ...rows, ''].join('\n');
}
