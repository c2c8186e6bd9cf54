/** Colour, only where it was asked for. */
import { styleText } from 'node:util';
import { better, type Direction, type Verdict } from '../experiment.ts';

type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

export function painter(colour: boolean | undefined): Paint {
  return colour === true ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}

export const VERDICT_STYLE = { keep: 'green', discard: 'dim', crash: 'red', review: 'magenta' } as const satisfies Record<Verdict, Style>;

/** `▲` for better and `▼` for worse, whichever way the objective points. */
export function deltaMark(delta: number | null, direction: Direction): string {
  if (delta === null || delta === 0) return ' ';
  return better(delta, 0, direction) ? '▲' : '▼';
}
