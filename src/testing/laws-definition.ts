import assert from 'node:assert/strict';
import { API_VERSION, type AnyDefinition, type Kind } from '../plugin.ts';
import type { PluginTest } from './cases.ts';
import { makeContext } from './context.ts';
import { checkOptions, createFrom, propertiesOf } from './options.ts';
import type { Runner } from './runner.ts';

const METHODS: { readonly [K in Kind]: readonly string[] } = {
  objective: ['score'],
  agent: ['propose'],
  trainer: ['train'],
  metric: ['measure'],
  gate: [],
  reporter: [],
};

/** The laws of the definition itself and of `create`, the same for every kind. */
export function testDefinition({ it }: Runner, definition: AnyDefinition, test: PluginTest): void {
  const { schema } = definition;
  it('is a definition the loader accepts', async () => {
    assert.ok(Object.hasOwn(METHODS, definition.kind), `unknown kind ${definition.kind}`);
    assert.match(definition.name, /^[a-z0-9]+(-[a-z0-9]+)*$/, 'the name is kebab-case');
    assert.equal(definition.apiVersion, API_VERSION);
    assert.ok(definition.description.trim().length > 0, 'the description is missing');
    assert.equal(typeof definition.create, 'function');
  });

  it('has a closed schema, or false for no options', async () => {
    if (schema === false) return;
    assert.equal(schema.type, 'object');
    assert.equal(schema.additionalProperties, false, 'additionalProperties must be false, else typing errors pass unseen');
    const open = [...propertiesOf(schema)].filter(
      ({ property }) => property.properties !== undefined && property.additionalProperties === undefined,
    );
    assert.deepEqual(
      open.map(({ path }) => path),
      [],
      'these objects say nothing about further keys',
    );
  });

  it('describes every option', async () => {
    const bare = schema === false ? [] : [...propertiesOf(schema)].filter(({ property }) => !property.description?.trim());
    assert.deepEqual(
      bare.map(({ path }) => path),
      [],
    );
  });

  testOptions({ it }, definition, test);

  it('creates an instance of its kind without reading, writing or starting anything', async () => {
    for (const options of test.options.valid) {
      const instance = createFrom(definition, options, inertContext());
      assert.ok(typeof instance === 'object' && instance !== null, 'create answers an object, not a promise');
      assert.ok(!('then' in instance), 'create answers an object, not a promise');
      const missing = METHODS[definition.kind].filter((name) => typeof Reflect.get(instance, name) !== 'function');
      assert.deepEqual(missing, [], `a ${definition.kind} has these methods`);
    }
  });

  it('can be disposed twice', async () => {
    for (const options of test.options.valid) {
      const instance = createFrom(definition, options, inertContext());
      await instance.dispose?.();
      await instance.dispose?.();
    }
  });
}

function testOptions({ it }: Pick<Runner, 'it'>, { schema }: AnyDefinition, test: PluginTest): void {
  it('accepts the valid options', async () => {
    assert.ok(test.options.valid.length > 0, 'give at least one valid set of options');
    for (const options of test.options.valid) assert.equal(checkOptions(schema, options).problem, null, JSON.stringify(options));
  });

  it('refuses the invalid options and unknown keys', async () => {
    const unknown = { ...test.options.valid[0], someUnknownOption: true };
    for (const options of [...test.options.invalid, unknown]) {
      assert.notEqual(checkOptions(schema, options).problem, null, `accepted ${JSON.stringify(options)}`);
    }
  });
}

function inertContext() {
  const refuse = () => {
    throw new Error('create must not start a program');
  };
  return makeContext({ exec: refuse });
}
