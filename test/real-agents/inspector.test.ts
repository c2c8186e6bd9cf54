import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { makeProject, run, set, stepsAgent } from '../helpers/project.ts';
import { CLI } from '../helpers/run-cli.ts';
import { programOf } from './installed.ts';

it('the protocol’s own inspector lists and calls tools, reads resources and shows errors', async () => {
  const { dir } = makeProject({ agent: stepsAgent([set(0.5)]), budget: { experiments: 1 } });
  await run(dir);
  const inspect = (method: string, ...more: string[]): { answer: never; stderr: string } => {
    const args = [programOf('inspector'), '--cli', process.execPath, CLI, 'mcp', '--method', method, ...more];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8' });
    return { answer: JSON.parse(stdout) as never, stderr };
  };

  const { tools } = inspect('tools/list').answer as { tools: { name: string }[] };
  expect(tools.map(({ name }) => name)).toEqual(['status', 'list', 'search', 'show', 'diff', 'compare', 'waiting', 'wait']);
  const listed = inspect('tools/call', '--tool-name', 'list', '--tool-arg', 'limit=1').answer as { content: { text: string }[] };
  expect(JSON.parse(listed.content[0]?.text ?? '')).toMatchObject({ run: 'night', total: 2, items: [{ id: 1 }] });

  const { resources } = inspect('resources/list').answer as { resources: { uri: string }[] };
  expect(resources.map(({ uri }) => uri)).toContain('autoresearch://runs/night/experiments/1');
  const diff = inspect('resources/read', '--uri', 'autoresearch://runs/night/experiments/1/diff').answer as {
    contents: { text: string }[];
  };
  expect(diff.contents[0]?.text).toContain('+0.5');

  const { answer, stderr } = inspect('tools/call', '--tool-name', 'show', '--tool-arg', 'experiment=99');
  expect(JSON.stringify(answer)).toContain('EXPERIMENT_NOT_FOUND');
  expect(stderr).toContain('tool_is_error');
});
