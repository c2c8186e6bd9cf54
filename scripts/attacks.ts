/**
 * Plays every attack of test/attacks and prints the table of docs/security.md; fails where a result is not the expected one.
 * Usage: npm run attacks [-- --write, to put it into the page] [-- --expected, to play nothing]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { probe } from '../src/sandbox/probe.ts';
import { ATTACKS } from '../test/attacks/all.ts';
import { play } from '../test/attacks/play.ts';
import { PAGE, pageWith, renderAttacks } from '../test/attacks/render.ts';
import { cellsOf, expectedOf, LAYERS, type Cell, type Result } from '../test/attacks/types.ts';

const { values } = parseArgs({ options: { write: { type: 'boolean' }, expected: { type: 'boolean' } } });
const { layer, text } = await probe('auto');
if (layer === 'none') console.error(`the results with bwrap are the expected ones, not played: sandbox ${text}`);

const keyOf = ({ attack, layer: at, level }: Cell) => [attack.where, attack.name, at, level].join('\n');
const results = new Map<string, Result>();
const cells = values.expected === true ? [] : cellsOf(ATTACKS, layer === 'bwrap' ? LAYERS : ['none']);
for (const cell of cells) {
  const { result, because } = await play(cell);
  results.set(keyOf(cell), result);
  if (result === expectedOf(cell)) continue;
  process.exitCode = 1;
  console.error(`${keyOf(cell).replaceAll('\n', ', ')}: ${result}, expected ${expectedOf(cell)}\n  ${because}`);
}

const table = await renderAttacks(ATTACKS, (cell) => results.get(keyOf(cell)) ?? expectedOf(cell));
console.log(table);
if (values.write === true) writeFileSync(PAGE, pageWith(table));
