/** Rules over several keys of a config, which a JSON Schema cannot express. */
import { posix, win32 } from 'node:path';
import { formatDuration, isDuration, parseDuration } from '../duration.ts';
import type { Diagnostics } from './diagnostics.ts';
import { checkEvaluate, EVALUATE_LISTS, evaluatePaths } from './evaluate-rules.ts';
import { find, nearest, textAt, type Located } from './located.ts';
import { formatPath, type Path } from './path.ts';
import { checkRemote } from './swarm-rules.ts';
import type { UseSite } from './use-sites.ts';

/** Timers of Node cannot wait longer than this. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export function checkRules(root: Located, sites: readonly UseSite[], diagnostics: Diagnostics): void {
  checkTimeouts(root, sites, diagnostics);
  checkRoot(root, diagnostics);
  for (const path of [
    ['scope', 'edit'],
    ['scope', 'protect'],
    ['workspace', 'link'],
    ['workspace', 'outputs'],
    ['workspace', 'holdout'],
  ]) {
    checkInside(root, path, diagnostics);
  }
  const data = find(root, ['data']);
  for (const index of data?.type === 'list' ? data.items.keys() : []) {
    for (const key of ['path', 'schema']) checkPlace(root, ['data', index, key], diagnostics);
  }
  for (const place of evaluatePaths(root)) checkPlace(root, place, diagnostics);
  checkLinks(root, diagnostics);
  checkEvaluate(root, diagnostics);
  checkRemote(root, diagnostics);
}

// A link below another one would be created in the user's own folder and replace what is there.
function checkLinks(root: Located, diagnostics: Diagnostics): void {
  const links = [['workspace', 'link'], ['workspace', 'holdout'], ...EVALUATE_LISTS].flatMap((list) => pathsAt(root, list));
  for (const [index, { path, place }] of links.entries()) {
    const outer = links.find((other, at) => at !== index && (path.startsWith(`${other.path}/`) || (path === other.path && at < index)));
    if (outer === undefined) continue;
    const message = `${formatPath(place)}: ${path} is in ${outer.path}, which ${formatPath(outer.place)} names already`;
    diagnostics.add(
      'CONFIG_VALUE',
      { origin: nearest(root, place).origin, target: 'value' },
      message,
      'Name paths that are not inside each other.',
    );
  }
}

function pathsAt(root: Located, list: Path): { readonly path: string; readonly place: Path }[] {
  const found = find(root, list);
  const count = found?.type === 'list' ? found.items.length : 0;
  return Array.from({ length: count }, (_, index) => [...list, index]).flatMap((place) => {
    const text = textAt(root, place);
    return text === undefined ? [] : [{ place, path: posix.normalize(text).replace(/\/$/, '') }];
  });
}

// Only timeouts in the config count: a short try with --time must not fail because of a default.
function checkTimeouts(root: Located, sites: readonly UseSite[], diagnostics: Diagnostics): void {
  const budget = msAt(root, ['budget', 'time']);
  const agents = sites.filter(({ kind }) => kind === 'agent').map(({ path }) => [...path, 'timeout']);
  const trainer = [
    ['trainer', 'timeout'],
    ['trainer', 'evaluate', 'timeout'],
    ['trainer', 'evaluate', 'predict', 'timeout'],
  ];
  for (const path of [...trainer, ...agents]) {
    const timeout = msAt(root, path);
    if (timeout === undefined) continue;
    const node = nearest(root, path);
    const shown = formatPath(node.origin.path);
    const spot = { origin: node.origin, target: 'value' as const };
    if (timeout > LONGEST_TIMEOUT_MS) {
      diagnostics.add('CONFIG_VALUE', spot, `${shown}: must be at most 24d`, 'A timeout is for one trial or one proposal.');
    } else if (budget !== undefined && timeout > budget) {
      const message = `${shown}: ${formatDuration(timeout)} is longer than the whole run may take (budget.time is ${formatDuration(budget)})`;
      diagnostics.add('CONFIG_INVALID', spot, message, 'Make the timeout shorter than budget.time.');
    }
  }
}

function msAt(root: Located, path: Path): number | undefined {
  const text = textAt(root, path);
  return text !== undefined && isDuration(text) ? parseDuration(text) : undefined;
}

function checkRoot(root: Located, diagnostics: Diagnostics): void {
  const text = textAt(root, ['root']);
  if (text === undefined || !isAbsolute(text)) return;
  diagnostics.add(
    'CONFIG_VALUE',
    { origin: nearest(root, ['root']).origin, target: 'value' },
    `root: ${text} must be relative to the config file`,
  );
}

function checkInside(root: Located, listPath: Path, diagnostics: Diagnostics): void {
  const list = find(root, listPath);
  for (const index of list?.type === 'list' ? list.items.keys() : []) checkPlace(root, [...listPath, index], diagnostics);
}

function checkPlace(root: Located, place: Path, diagnostics: Diagnostics): void {
  const text = textAt(root, place);
  const problem = text === undefined ? null : leaves(text);
  if (problem === null) return;
  const hint = problem === WHOLE ? 'Name files or folders in it.' : "Write a path relative to the project's folder.";
  const { origin } = nearest(root, place);
  diagnostics.add('CONFIG_VALUE', { origin, target: 'value' }, `${formatPath(place)}: ${JSON.stringify(text)} ${problem}`, hint);
}

const WHOLE = "is the whole project's folder";

function leaves(text: string): string | null {
  const path = text.replace(/^!/, '');
  if (isAbsolute(path)) return 'is an absolute path';
  const steps = path.split(/[/\\]/);
  if (steps.includes('..')) return "leaves the project's folder";
  return posix.normalize(path).replace(/\/$/, '') === '.' ? WHOLE : null;
}

function isAbsolute(path: string): boolean {
  return posix.isAbsolute(path) || win32.isAbsolute(path) || path.startsWith('~');
}
