import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expectedOf, LAYERS, LEVELS, RESULTS, type Attack, type Cell, type Level, type Result } from './types.ts';

export const PAGE = join(import.meta.dirname, '../../docs/security.md');
const BEGIN = '<!-- attacks: written by `npm run attacks -- --write` -->';
const END = '<!-- /attacks -->';

type ResultOf = (cell: Cell) => Result;

/** The table of attacks as markdown: those after the number by level, all others by layer. */
export async function renderAttacks(attacks: readonly Attack[], resultOf: ResultOf = expectedOf): Promise<string> {
  const levels = Object.keys(LEVELS) as Level[];
  const byLevel = attacks.filter((attack) => attack.levels !== undefined && attack.levels.join() !== 'files');
  const byLayer = attacks.filter((attack) => !byLevel.includes(attack));
  const text = [
    `${Object.entries(RESULTS)
      .map(([word, meaning]) => `**${word}**: ${meaning}`)
      .join(
        '; ',
      )}. Where a cell has two words, the first is with bwrap and the second without a sandbox; a dash stands for a case that is no different from its neighbours and is not played.`,
    table(
      ['after the number', ...levels.map((level) => LEVELS[level])],
      byLevel.map((attack) => [nameOf(attack), ...levels.map((level) => bothLayers(attack, level, resultOf))]),
    ),
    table(
      ['after something else', 'with bwrap', 'without a sandbox'],
      byLayer.map((attack) => {
        const [level = 'beside'] = attack.levels ?? [];
        return [nameOf(attack), ...LAYERS.map((layer) => shown(resultOf({ attack, layer, level })))];
      }),
    ),
  ].join('\n\n');
  return (await format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' })).trim();
}

/** The page with another table between its markers. */
export function pageWith(table: string): string {
  const page = readFileSync(PAGE, 'utf8');
  const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (start === -1 || end === -1) throw new Error(`${PAGE} has no markers for the table of attacks`);
  return `${page.slice(0, start)}${BEGIN}\n\n${table}\n\n${page.slice(end)}`;
}

function nameOf({ where, name }: Attack): string {
  return `${where === 'agent' ? 'an' : 'a'} ${where} that ${name}`;
}

function bothLayers(attack: Attack, level: Level, resultOf: ResultOf): string {
  if (attack.levels?.includes(level) !== true) return '–';
  const words = LAYERS.map((layer) => shown(resultOf({ attack, layer, level })));
  return [...new Set(words)].join(' / ');
}

function shown(result: Result): string {
  return result === 'succeeds' ? '**succeeds**' : result;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
