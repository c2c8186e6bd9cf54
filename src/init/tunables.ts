/** Constants of the editable files that are worth searching, each with a sensible range. */
import picomatch from 'picomatch';
import { listConstants, type Constant } from '../literals/constants.ts';
import type { Project } from './project.ts';

export interface Tunable {
  readonly file: string;
  readonly name: string;
  readonly type: 'float' | 'int' | 'bool';
  readonly range?: readonly [number, number];
  readonly scale?: 'log';
}

const MOST = 12;
const GLOB = /[*?[{!]/;
/** Changing these changes what is measured, or by how much luck, and not how good it is. */
const NOT_TUNED =
  /seed|random.?state|verbos|version|port$|debug|\bcv\b|^cv|n_?jobs|workers|threads|test_?size|train_?size|val_?size|split|n_?samples|n_?rows|n_?features|n_?classes|n_?informative|n_?items|fold|repeat|trials?$|^runs?$|n_?runs|rounds?$|warm.?up|iters?$|iterations?$|^n$|^len|length$|^count|_count$|samples?$|digits|precision$|timeout|max_?len|year|index|axis|^i$|^j$|^k$|dpi|figsize|width$|height$|noise|shuffle|id$|limit$|^size$|_size$|elements|points/i;
const SIZES_THAT_COUNT =
  /batch|hidden|embed|subsample|colsample|window|block|chunk|buffer|cache|queue|pool|leaf|tile|stride|kernel|vocab|bucket|page/i;
const SHARE =
  /drop.?out|momentum|beta|fraction|ratio|subsample|colsample|smooth|decay_rate|threshold|cut.?off|prob|l1_ratio|gamma_|moment|feature_frac|bagging/i;

/** Of the files that these paths and patterns name, in their order. */
export function tunablesOf(project: Project, edit: readonly string[]): Tunable[] {
  const files = new Set(edit.flatMap((pattern) => (GLOB.test(pattern) ? filesOf(project, pattern) : [pattern])));
  return [...files].flatMap((file) => tunablesIn(file, project.read(file))).slice(0, MOST);
}

function filesOf({ files }: Project, pattern: string): string[] {
  const matches = picomatch(pattern, { dot: true });
  return files.filter((file) => matches(file));
}

/** Where a file has constants in capitals, these are meant to be set; the rest are arguments along the way. */
function tunablesIn(file: string, text: string): Tunable[] {
  const all = listConstants(file, text)
    .filter(({ name, value }) => typeof value === 'number' || isSwitch(name))
    .filter((constant) => isCapital(constant.name) || !isChangedLater(text, constant));
  const named = all.filter(({ name }) => isCapital(name));
  return (named.length >= 2 ? named : all).flatMap((constant) => tunableOf(file, constant));
}

/** A sum, a counter, or a place that a loop moves: what it starts with belongs to what the program computes. */
function isChangedLater(text: string, { name, end }: Constant): boolean {
  const word = (name.split('.').at(-1) ?? name).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const after = text.slice(end);
  const place = `(?<![\\w.$])${word}(?:\\[[^\\]\\n]*\\])?`;
  return new RegExp(
    `${place}\\s*(?:[-+*/%&|^]|<<|>>|\\*\\*|//)=|${place}\\s*(?:\\+\\+|--)|(?:\\+\\+|--)${word}\\b|^\\s*${place}\\s*=(?![=>])[^=\\n]*\\b${word}\\b`,
    'm',
  ).test(after);
}

function isCapital(name: string): boolean {
  return /^[A-Z][A-Z\d_]*$/.test(name);
}

/** Only booleans that look like a choice of the project, and not like an option of a library. */
function isSwitch(name: string): boolean {
  return isCapital(name) || /^(use|with|enable|add|bias|fit_intercept|bootstrap|nesterov|amsgrad)/i.test(name);
}

function tunableOf(file: string, { name, value, text }: Constant): Tunable[] {
  const label = name.split('.').at(-1) ?? name;
  if ((NOT_TUNED.test(label) && !SIZES_THAT_COUNT.test(label)) || /^_|^-\w$/.test(label)) return [];
  if (typeof value === 'boolean') return [{ file, name, type: 'bool' }];
  if (typeof value !== 'number' || !Number.isFinite(value)) return [];
  const isInteger = Number.isInteger(value) && !/[.eE]/.test(text.replace(/^0x.*/i, ''));
  return [{ file, name, ...(isInteger ? wholeRange(value) : floatRange(label, value)) }];
}

function wholeRange(value: number): Omit<Tunable, 'file' | 'name'> {
  if (value <= 0) return { type: 'int', range: value === 0 ? [0, 10] : [value * 4, 0] };
  if (value <= 2) return { type: 'int', range: [1, 8] };
  return { type: 'int', range: [Math.max(1, Math.floor(value / 4)), value * 4], ...(value >= 8 && { scale: 'log' as const }) };
}

function floatRange(label: string, value: number): Omit<Tunable, 'file' | 'name'> {
  const round = (number: number) => Number(number.toPrecision(3));
  // None of the rows or columns is no share to train on.
  if (value > 0 && value <= 1 && /sample|frac/i.test(label)) return { type: 'float', range: [0.05, 1] };
  if (value > 0 && value <= 1 && SHARE.test(label))
    return { type: 'float', range: [0, value === 1 ? 1 : round(Math.min(1, Math.max(0.95, value)))] };
  if (value >= 0 && value < 1e-12) return { type: 'float', range: [0, 1] };
  if (value < 0) return { type: 'float', range: [round(value * 4), 0] };
  return { type: 'float', range: [round(value / 10), round(value * 10)], scale: 'log' };
}
