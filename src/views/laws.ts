import type { Kind } from '../plugin.ts';
import type { LawResult } from '../testing/check.ts';
import { painter } from './paint.ts';
import type { TextOptions } from './types.ts';

export interface CheckedPlugin {
  readonly kind: Kind;
  readonly name: string;
  readonly file: string;
  /** The file with the author's cases; null where there is none. */
  readonly cases: string | null;
  readonly laws: readonly LawResult[];
}

/** Each plugin with its rules, and what happened if one is broken. */
export function renderLaws(plugins: readonly CheckedPlugin[], casesFile: string, { colour }: TextOptions): string {
  const paint = painter(colour);
  const lineOf = ({ law, holds, expected, came }: LawResult): string => {
    if (holds) return `  ${paint('green', 'holds')}   ${law}`;
    return `  ${paint('red', 'BROKEN')}  ${law}\n            expected: ${expected}\n            came:     ${came}`;
  };
  return plugins
    .map(({ kind, name, file, cases, laws }) => {
      const broken = laws.filter(({ holds }) => !holds).length;
      const missing = `  without cases, the rules for a ${kind} are not tested, only those for every plugin: write ${casesFile} beside it`;
      const total = `${laws.length - broken} rules hold, ${broken} ${broken === 1 ? 'is' : 'are'} broken`;
      return [`${kind} ${name} (${file})`, ...laws.map(lineOf), ...(cases === null ? [missing] : []), total].join('\n');
    })
    .join('\n\n');
}
