/** Plays the table of attacks: what docs/security.md says becomes of each is what becomes of it. */
import { expect, it } from 'vitest';
import { probe } from '../../src/sandbox/probe.ts';
import { ATTACKS } from './all.ts';
import { play } from './play.ts';
import { cellsOf, expectedOf, LAYERS } from './types.ts';

const { layer } = await probe('auto');
const attacks = ATTACKS.filter(({ isOfRoot }) => isOfRoot !== true || process.getuid?.() === 0);
const cells = cellsOf(attacks, layer === 'bwrap' ? LAYERS : ['none']);

it.each(cells.map((cell) => [`${cell.attack.where} that ${cell.attack.name} (${cell.layer}, ${cell.level})`, cell] as const))(
  'a %s',
  async (_name, cell) => {
    const { result, because } = await play(cell);
    expect(result, because).toBe(expectedOf(cell));
  },
);
