import { expect, it } from 'vitest';
import { ATTACKS } from './all.ts';
import { play } from './play.ts';
import { cellsOf, expectedOf, type Layer } from './types.ts';

/** Plays the table of attacks under one layer, and compares each result with the one in docs/security.md. */
export function playAll(layer: Layer): void {
  const attacks = ATTACKS.filter(({ isOfRoot }) => isOfRoot !== true || process.getuid?.() === 0);
  it.each(
    cellsOf(attacks, [layer]).map((cell) => [`${cell.attack.where} that ${cell.attack.name} (${layer}, ${cell.level})`, cell] as const),
  )('the %s', async (_name, cell) => {
    const { result, because } = await play(cell);
    expect(result, because).toBe(expectedOf(cell));
  });
}
