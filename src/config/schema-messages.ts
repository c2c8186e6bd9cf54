import type { ErrorObject } from 'ajv';
import { DURATION_HELP } from '../duration.ts';
import { regexProblem } from './ajv.ts';
import { formatPath, type Path } from './path.ts';
import { inYaml, show, showTypes } from './show.ts';
import { didYouMean } from './suggest.ts';

interface About {
  /** The key that is missing or unknown. */
  readonly key: string | undefined;
  readonly path: Path;
  readonly plugin: string | undefined;
  readonly known: readonly string[];
}

interface Words {
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Says what is wrong with the value seen, and what to do. */
export function wordsFor(error: ErrorObject, about: About): Words {
  const noun = about.plugin === undefined ? 'key' : 'option';
  switch (error.keyword) {
    case 'additionalProperties':
      return { message: `unknown ${noun} "${about.key}"${didYouMean(about.key ?? '', about.known)}`, hint: knownHint(about) };
    case 'required':
      return { message: `missing ${noun} "${about.key}"`, hint: exampleOf(property(error, about.key), [...about.path, about.key ?? '']) };
    case 'propertyNames':
      return {
        message: `"${about.key}" cannot be a name here`,
        hint: sentence(field(error.parentSchema?.['propertyNames'], 'description')),
      };
    case 'type':
      return typeWords(error, about.path);
    case 'enum':
      return enumWords(error);
    case 'format':
      return formatWords(error);
    case 'uniqueItems':
      return { message: 'this item stands in the list twice', hint: 'Keep one of them.' };
    default:
      return { message: limitWords(error), hint: exampleOf(error.parentSchema, about.path) };
  }
}

function knownHint({ plugin, known }: About): string {
  if (known.length === 0) return plugin === undefined ? 'No keys are allowed here.' : `${plugin} takes no options.`;
  return `${plugin === undefined ? 'Known keys' : `Options of ${plugin}`}: ${known.join(', ')}.`;
}

function typeWords(error: ErrorObject, path: Path): Words {
  const isUse = property(error, 'use') !== undefined;
  if (isUse && typeof error.data === 'string')
    return { message: `must be a map, not ${show(error.data)}`, hint: `Write { use: ${inYaml(error.data)} }.` };
  const seen = typeof error.data === 'number' ? `the number ${error.data}` : show(error.data);
  return { message: `must be ${showTypes(error.params['type'])}, not ${seen}`, hint: exampleOf(error.parentSchema, path) };
}

function enumWords(error: ErrorObject): Words {
  const allowed: unknown[] = Array.isArray(error.schema) ? error.schema : [];
  const names = allowed.map(String);
  const meant = typeof error.data === 'string' ? didYouMean(error.data, names) : '';
  return { message: `must be ${names.length === 2 ? names.join(' or ') : `one of ${names.join(', ')}`}, not ${show(error.data)}${meant}` };
}

function formatWords(error: ErrorObject): Words {
  const value = show(error.data);
  if (error.schema === 'duration') return { message: `${value} is not a duration`, hint: DURATION_HELP };
  if (error.schema !== 'regex') return { message: `${value} is not of the format ${String(error.schema)}` };
  const problem = regexProblem(String(error.data));
  return { message: `${value} is not a regular expression: ${problem}`, hint: 'In YAML, single quotes keep backslashes as they are.' };
}

function limitWords(error: ErrorObject): string {
  const limit = Number(error.params['limit']);
  const not = `, not ${show(error.data)}`;
  switch (error.keyword) {
    case 'minimum':
      return `must be at least ${limit}${not}`;
    case 'maximum':
      return `must be at most ${limit}${not}`;
    case 'exclusiveMinimum':
      return `must be more than ${limit}${not}`;
    case 'exclusiveMaximum':
      return `must be less than ${limit}${not}`;
    case 'minItems':
    case 'minLength':
    case 'minProperties':
      return limit === 1 ? 'must not be empty' : `is too short: at least ${limit}`;
    case 'maxItems':
    case 'maxLength':
    case 'maxProperties':
      return `is too long: at most ${limit}`;
    case 'pattern':
      return `${show(error.data)} does not match ${String(error.schema)}`;
    default:
      return `${error.message ?? 'is not valid'}${not}`;
  }
}

function property(error: ErrorObject, key: string | undefined): unknown {
  return field(error.parentSchema?.['properties'], key ?? '');
}

/** `For example: seed: 1`, from the examples of a schema. */
function exampleOf(schema: unknown, path: Path): string | undefined {
  const examples = field(schema, 'examples');
  const key = path.findLast((step) => typeof step === 'string');
  const name = key === undefined ? '' : `${formatPath([key])}: `;
  if (Array.isArray(examples) && examples.length > 0) return `For example: ${name}${inYaml(examples[0])}`;
  const described = sentence(field(schema, 'description'));
  return described && name + described;
}

function sentence(text: unknown): string | undefined {
  return typeof text === 'string' && text !== ''
    ? text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith('.') ? '' : '.')
    : undefined;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;
}
