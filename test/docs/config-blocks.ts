import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import { isMap, isScalar, parseAllDocuments, type Pair } from 'yaml';
import schema from '../../schemas/editor.schema.json' with { type: 'json' };

/** Around a part of a config, the least that makes it whole. */
const REST = {
  scope: { edit: ['train.py'] },
  objective: { use: 'single', with: { metric: 'loss', direction: 'minimize' } },
  agent: { use: 'command', with: { run: ['./agent.sh'] } },
  trainer: { use: 'command', with: { run: ['python3', 'train.py'] } },
  metrics: { loss: { use: 'regex', with: { pattern: '^loss: (.+)$' } } },
};

/** Keys by which files of other programs are known. */
const OTHERS = ['apiVersion', 'jobs', 'include', 'stages', 'method'];

const ajv = new Ajv({ allErrors: true, strict: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

/** What the schema of the config, with the options of all plugins, does not take in a YAML block; each of several values of a key counts. */
export function objectionsToConfig(text: string): string[] {
  return parseAllDocuments(filledIn(text), { uniqueKeys: false }).flatMap((document) => {
    if (document.errors.length > 0) return document.errors.map(({ message }) => message);
    if (!isMap(document.contents)) return ['it is no part of a config: it has no keys'];
    const pairs = document.contents.items.map((pair: Pair) => {
      const value = (pair.value as { toJS?: (of: typeof document) => unknown } | null)?.toJS?.(document) ?? null;
      return [isScalar(pair.key) ? String(pair.key.value) : '', value] as const;
    });
    const names = pairs.map(([name]) => name);
    if (names.some((name) => OTHERS.includes(name))) return [];
    const isRepeated = new Set(names).size < names.length;
    const configs = isRepeated ? pairs.map((pair) => Object.fromEntries([pair])) : [Object.fromEntries(pairs)];
    return configs.map(ofBase).flatMap((config) => (validate({ ...REST, ...config }) ? [] : (validate.errors ?? []).map(wordsOf)));
  });
}

/** Variables as they are where none is set. */
function filledIn(text: string): string {
  return text.replaceAll(/(?<!\$)\$\{\w+(?::-([^}]*))?\}/g, (_, usual: string | undefined) => usual ?? 'value');
}

/** Over a config that it extends, null takes a value away. */
function ofBase(config: Record<string, unknown>): Record<string, unknown> {
  if (config['extends'] === undefined) return config;
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
}

function wordsOf({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath} ${message} ${JSON.stringify(params)}`;
}
