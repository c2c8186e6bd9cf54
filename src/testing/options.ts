import type { Ajv, ValidateFunction } from 'ajv';
import { createAjv } from '../config/ajv.ts';
import { deepFreeze } from '../experiment.ts';
import type { AnyDefinition, PluginContext, Roles } from '../plugin.ts';
import type { OptionsSchema, PropertySchema } from '../plugins/options-schema.ts';
import type { Options } from './cases.ts';

/** Validates options as the engine does; answers them with defaults filled in and frozen, or what is wrong. */
export function checkOptions(
  schema: OptionsSchema | false,
  options: Options,
): { readonly options: Options; readonly problem: string | null } {
  if (schema === false) {
    const names = Object.keys(options);
    return { options, problem: names.length === 0 ? null : `takes no options, but was given ${names.join(', ')}` };
  }
  const copy: Options = structuredClone(options);
  const { ajv, validate } = validatorOf(schema);
  const valid = validate(copy);
  return { options: deepFreeze(copy), problem: valid ? null : ajv.errorsText(validate.errors, { dataVar: 'with' }) };
}

const validators = new WeakMap<object, { readonly ajv: Ajv; readonly validate: ValidateFunction }>();

function validatorOf(schema: OptionsSchema) {
  const ajv = createAjv();
  const validator = validators.get(schema) ?? { ajv, validate: ajv.compile(schema) };
  validators.set(schema, validator);
  return validator;
}

/** A fresh instance from options a user could have written. */
export function createFrom(definition: AnyDefinition, options: Options, context: PluginContext): Roles[AnyDefinition['kind']] {
  const checked = checkOptions(definition.schema, options);
  if (checked.problem !== null) throw new Error(`the options ${JSON.stringify(options)} are not valid: ${checked.problem}`);
  return definition.create(checked.options as never, context);
}

/** Every property below a schema, with its path. */
export function* propertiesOf(
  schema: OptionsSchema | PropertySchema,
  path = 'with',
): Generator<{ path: string; property: PropertySchema }> {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    yield { path: `${path}.${name}`, property };
    yield* propertiesOf(property, `${path}.${name}`);
  }
  if ('items' in schema && schema.items !== undefined) yield* propertiesOf(schema.items, `${path}[]`);
  if (typeof schema.additionalProperties === 'object') yield* propertiesOf(schema.additionalProperties, `${path}.*`);
}
