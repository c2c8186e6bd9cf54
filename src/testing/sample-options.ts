import type { OptionsSchema, PropertySchema } from '../plugins/options-schema.ts';
import type { Options } from './cases.ts';
import { checkOptions } from './options.ts';

/** The fewest options that fit a schema, made of what it says of each; null where that is not enough to go by. */
export function sampleOptions(schema: OptionsSchema | false): Options | null {
  const options = schema === false ? {} : requiredOf(schema);
  return checkOptions(schema, options).problem === null ? options : null;
}

function requiredOf({ properties, required }: Pick<PropertySchema, 'properties' | 'required'>): Options {
  return Object.fromEntries((required ?? []).map((name) => [name, valueOf(properties?.[name] ?? {})]));
}

function valueOf(property: PropertySchema): unknown {
  const said = property.default ?? property.examples?.[0] ?? property.const ?? property.enum?.[0];
  if (said !== undefined) return said;
  switch (typeof property.type === 'object' ? property.type[0] : property.type) {
    case 'string':
      return 'x'.repeat(property.minLength ?? 1);
    case 'number':
    case 'integer':
      return property.minimum ?? (property.exclusiveMinimum === undefined ? 1 : property.exclusiveMinimum + 1);
    case 'boolean':
      return false;
    case 'array':
      return Array.from({ length: property.minItems ?? 0 }, () => valueOf(property.items ?? {}));
    default:
      return requiredOf(property);
  }
}
