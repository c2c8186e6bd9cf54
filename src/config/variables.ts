/** `${NAME}` and `${NAME:-default}` in the texts of a config. */
import { isKeyName } from '../redact.ts';
import { parse } from 'yaml';
import type { Diagnostics } from './diagnostics.ts';
import type { Located } from './located.ts';
import { formatPath } from './path.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const VARIABLE = /\$(\$)?\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;
/** What follows one of these in a list of words is a script, which has variables of its own. */
const BEFORE_SCRIPT = /^(?:-[a-z]*c|-e|-p|--eval|--print|--command)$/i;

/**
 * The config with its variables filled in, each value at its place. A text that is nothing but one variable, without quotes,
 * is read like any other value, so that it can be a number. `$${NAME}` stands for the text itself.
 */
export function fillVariables(root: Located, env: Environment, diagnostics: Diagnostics): Located {
  return fill(root, false);

  function fill(node: Located, isScript: boolean): Located {
    if (node.type === 'map') return { ...node, entries: new Map([...node.entries].map(([key, child]) => [key, fill(child, false)])) };
    if (node.type === 'list') {
      return { ...node, items: node.items.map((item, index) => fill(item, isFlagOfScript(node.items[index - 1]))) };
    }
    if (typeof node.value !== 'string' || isScript || !node.value.includes('${')) return node;
    const filled = node.value.replace(VARIABLE, (whole, escaped: string | undefined, name: string, otherwise: string | undefined) =>
      escaped === undefined ? valueOf(node, name, otherwise) : whole.slice(1),
    );
    const isWhole = new RegExp(`^${VARIABLE.source}$`).test(node.value) && !node.value.startsWith('$$') && !isQuoted(node);
    return { ...node, value: isWhole ? scalarOf(filled) : filled };
  }

  function valueOf(node: Located, name: string, otherwise: string | undefined): string {
    const spot = { origin: node.origin, target: 'value' as const };
    const place = formatPath(node.origin.path);
    const value = env[name];
    if (isKeyName(name)) {
      diagnostics.add(
        'CONFIG_SECRET',
        spot,
        `${place}: \${${name}} would put a key into the record of the run`,
        `Give programs the variable itself, by its name: workspace.env: [${name}] for trials, or an agent's own option.`,
      );
      return '';
    }
    if (value !== undefined && value !== '') return value;
    if (otherwise !== undefined) return otherwise;
    if (value === '') return '';
    diagnostics.add(
      'CONFIG_VARIABLE',
      spot,
      `${place}: the environment variable ${name} is not set`,
      `Set it, or write \${${name}:-default}; $\${${name}} stands for the text itself.`,
    );
    return '';
  }
}

function isFlagOfScript(before: Located | undefined): boolean {
  return before?.type === 'leaf' && typeof before.value === 'string' && BEFORE_SCRIPT.test(before.value);
}

/** Quotes in YAML say that a value is a text; in JSON there is no other way to write it. */
function isQuoted({ origin: { source, value } }: Located): boolean {
  if (value === undefined || /\.json$/i.test(source.file ?? '')) return false;
  const line = source.text.split(/\r\n|\n|\r/)[value.line - 1] ?? '';
  return ['"', "'"].includes(line.charAt(value.column - 1));
}

function scalarOf(text: string): string | number | boolean {
  const value: unknown = /[\s:#{}[\],&*!|>'"%@`]/.test(text) || text === '' ? text : parse(text);
  return typeof value === 'number' || typeof value === 'boolean' ? value : text;
}
