/** The editor schema in a real YAML language server, found the way `autoresearch init` says it. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtinDefinitions } from '../../scripts/builtin-definitions.ts';
import type { Kind } from '../../src/plugin.ts';
import { KINDS } from '../../src/plugins/builtin.ts';
import { makeFolder } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';
import { openFile } from './language-server.ts';
import { TOOLS } from './places.ts';

async function open() {
  const dir = makeFolder();
  symlinkSync(join(TOOLS, 'node_modules'), join(dir, 'node_modules'));
  writeFileSync(join(dir, 'train.mjs'), 'const RATE = 0.5;\nconsole.log(`loss: ${RATE}`);\n');
  const found = await runCli(['init', '--yes', '--agent', 'search'], { cwd: dir });
  expect(found.code, found.stderr).toBe(0);
  const file = join(dir, 'autoresearch.config.yaml');
  const config = readFileSync(file, 'utf8');
  const [schemaLine = ''] = config.split('\n');
  return { server: await openFile(file), config, schemaLine };
}

/** A config with one plugin of a kind, and the pointer in it. */
const PLACES: Readonly<Record<Kind, (plugin: string) => string>> = {
  objective: (plugin) => `objective:\n${indented(plugin, '  ')}`,
  agent: (plugin) => `agent:\n${indented(plugin, '  ')}`,
  trainer: (plugin) => `trainer:\n${indented(plugin, '  ')}`,
  metric: (plugin) => `metrics:\n  loss:\n${indented(plugin, '    ')}`,
  gate: (plugin) => `gates:\n  - ${indented(plugin, '    ').trimStart()}`,
  reporter: (plugin) => `reporters:\n  - ${indented(plugin, '    ').trimStart()}`,
};

function indented(text: string, by: string): string {
  return text.replaceAll(/^/gm, by);
}

test.each(KINDS)('every built-in %s is offered at use:, and its options inside with:', async (kind) => {
  const { server, schemaLine } = await open();
  const plugins = await builtinDefinitions(kind);
  const names = plugins.map(({ name }) => name);
  expect(await server.completionsAt(`${schemaLine}\n${PLACES[kind]('use: |')}\n`)).toEqual(expect.arrayContaining(names));
  for (const { name, schema } of plugins) {
    if (schema === false) continue;
    const offered = await server.completionsAt(`${schemaLine}\n${PLACES[kind](`use: ${name}\nwith:\n  |`)}\n`);
    expect(offered.toSorted(), name).toEqual(Object.keys(schema.properties).toSorted());
  }
});

test('between braces too, from the first letter on', async () => {
  const { server, schemaLine } = await open();
  expect(await server.completionsAt(`${schemaLine}\ngates:\n  - { use: g| }\n`)).toContain('guardrail');
  expect(await server.completionsAt(`${schemaLine}\ngates:\n  - { use: guardrail, with: { metric: x, m| } }\n`)).toEqual(
    expect.arrayContaining(['max', 'min', 'margin']),
  );
});

test('an option explains itself', async () => {
  const { server, schemaLine } = await open();
  const hover = await server.hoverAt(`${schemaLine}\ngates:\n  - use: min-delta\n    with:\n      de|lta: 0.1\n`);
  expect(hover).toContain('The least gain, in units of the score');
});

test('what init writes has no marks, and a slip has one, at its place', async () => {
  const { server, config } = await open();
  expect(await server.diagnosticsOf(config)).toEqual([]);
  const line = config.split('\n').findIndex((text) => text.includes('use: posterior'));
  const [mark, ...more] = await server.diagnosticsOf(config.replace('{ use: posterior }', '{ use: posterior, with: { polcy: strict } }'));
  expect(more).toEqual([]);
  expect(mark?.message).toContain('polcy');
  expect(mark?.range.start.line).toBe(line);
  expect((await server.diagnosticsOf(config.replace('direction: minimize', 'direction: down')))[0]?.message).toMatch(/minimize/);
  expect((await server.diagnosticsOf(config.replace('scope:', 'scoep:'))).map(({ message }) => message).join()).toContain('scoep');
});
