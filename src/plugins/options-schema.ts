/** The part of JSON Schema that plugin options use, and the TypeScript type it stands for. */

export interface OptionsSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: { readonly [name: string]: PropertySchema };
  readonly required?: readonly string[];
}

export interface PropertySchema {
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object' | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: PropertySchema;
  readonly properties?: { readonly [name: string]: PropertySchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | PropertySchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly examples?: readonly unknown[];
}

type Value<P> = P extends { readonly enum: readonly (infer E)[] }
  ? E
  : P extends { readonly const: infer C }
    ? C
    : P extends { readonly type: 'string' }
      ? string
      : P extends { readonly type: 'number' | 'integer' }
        ? number
        : P extends { readonly type: 'boolean' }
          ? boolean
          : P extends { readonly type: 'array'; readonly items: infer I }
            ? readonly Value<I>[]
            : P extends { readonly type: 'object'; readonly properties: object }
              ? ObjectOf<P>
              : P extends { readonly type: 'object'; readonly additionalProperties: infer A extends PropertySchema }
                ? Readonly<Record<string, Value<A>>>
                : unknown;

type Present<S> =
  | (S extends { readonly required: readonly (infer R)[] } ? R : never)
  | (S extends { readonly properties: infer P }
      ? { [N in keyof P]: P[N] extends { readonly default: unknown } ? N : never }[keyof P]
      : never);

type ObjectOf<S> = S extends { readonly properties: infer P }
  ? { readonly [N in keyof P as N extends Present<S> ? N : never]: Value<P[N]> } & {
      readonly [N in keyof P as N extends Present<S> ? never : N]?: Value<P[N]>;
    }
  : never;

/** The options a schema describes: required ones and ones with a default are always there. */
export type FromSchema<S extends OptionsSchema> = ObjectOf<S>;
