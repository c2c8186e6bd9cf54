import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeProject } from '../helpers/project.ts';
import { runCli } from '../helpers/run-cli.ts';

const schema = JSON.stringify({ type: 'object', required: ['id'], properties: { id: { type: 'string' } } });

it('runs a command with the rows of the data as they are now, and gives its output and how it ended', async () => {
  const repo = makeProject(
    { data: [{ path: 'mine.csv', schema: 'row.schema.json' }] },
    { 'mine.csv': 'id\na\n', 'row.schema.json': schema },
  );
  repo.write('mine.csv', 'id\na\nb\n');
  const count =
    "const { split, files } = JSON.parse(require('fs').readFileSync(process.env.AUTORESEARCH_DATA)); console.log(split, files[0].rows, process.cwd())";
  const ran = await runCli(['exec', '--', process.execPath, '-e', count], { cwd: repo.dir });
  expect([ran.code, ran.stdout]).toEqual([0, `loop 2 ${repo.dir}\n`]);
  expect((await runCli(['exec', '--', process.execPath, '-e', 'process.exit(3)'], { cwd: repo.dir })).code).toBe(1);
  expect((await runCli(['exec', '--', 'no-such-program-x'], { cwd: repo.dir })).stderr).toMatch(
    /^USAGE no-such-program-x could not be started \(ENOENT\)/,
  );
  repo.write('mine.csv', 'name\na\n');
  const broken = await runCli(['exec', '--', process.execPath, '-e', count], { cwd: repo.dir });
  expect([broken.code, broken.stderr]).toEqual([3, expect.stringContaining('mine.csv:1 DATA_ROW_INVALID')]);
  expect(readdirSync(join(repo.dir, '.autoresearch'))).toEqual([]);
});
