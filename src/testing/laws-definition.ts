import { inspect } from 'node:util';
import { API_VERSION, type AnyDefinition, type Kind } from '../plugin.ts';
import type { PluginTest } from './cases.ts';
import { makeContext } from './context.ts';
import { disposeTwice } from './end.ts';
import { noteReach, watchReaches } from './inert.ts';
import { expectThat, lawsOf, type Declare } from './law.ts';
import { checkOptions, createFrom, propertiesOf } from './options.ts';
import type { Runner } from './runner.ts';

/** Of a team: an agent that has agents of its own. */
const TEAM_METHODS = ['order'];
const METHODS: { readonly [K in Kind]: readonly string[] } = {
  objective: ['score'],
  agent: ['propose'],
  trainer: ['train'],
  metric: ['measure'],
  gate: [],
  reporter: [],
};

/** The rules for the definition itself and for `create`, the same for every kind. */
export function testDefinition(runner: Runner, definition: AnyDefinition, test: PluginTest): void {
  testShape(runner, definition);
  const law = lawsOf(runner, definition, test);
  declareOptionLaws(law, definition, test);
  declareCreateLaws(law, definition, test);
}

/** The rules that need no instance, and so no options. */
export function testShape(runner: Runner, definition: AnyDefinition): void {
  const law = lawsOf(runner, definition, {});
  law('is a definition the loader accepts', 'kind, kebab-case name, apiVersion, description and create', async () => {
    const { kind, name, apiVersion, description, create } = definition;
    expectThat(Object.hasOwn(METHODS, kind), `the unknown kind ${JSON.stringify(kind)}`);
    expectThat(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name), `the name ${JSON.stringify(name)}`);
    expectThat(apiVersion === API_VERSION, `apiVersion ${JSON.stringify(apiVersion)}, where this autoresearch has ${API_VERSION}`);
    expectThat(typeof description === 'string' && description.trim().length > 0, 'no description');
    expectThat(typeof create === 'function', `create is ${typeof create}`);
  });
  declareSchemaLaws(law, definition);
}

function declareSchemaLaws(law: Declare, { schema }: AnyDefinition): void {
  law('has a closed schema, or false for no options', 'additionalProperties: false, so that no typing error passes unseen', async () => {
    if (schema === false) return;
    expectThat(schema.type === 'object', `a schema of type ${JSON.stringify(schema.type)}`);
    expectThat(schema.additionalProperties === false, `additionalProperties: ${JSON.stringify(schema.additionalProperties)}`);
    const open = [...propertiesOf(schema)].filter(
      ({ property }) => property.properties !== undefined && property.additionalProperties === undefined,
    );
    expectThat(open.length === 0, `these say nothing about further keys: ${open.map(({ path }) => path).join(', ')}`);
  });

  law('describes every option', 'a description for each, shown in the editor', async () => {
    const bare = schema === false ? [] : [...propertiesOf(schema)].filter(({ property }) => !property.description?.trim());
    expectThat(bare.length === 0, `none for ${bare.map(({ path }) => path).join(', ')}`);
  });
}

function declareOptionLaws(law: Declare, { schema }: AnyDefinition, test: PluginTest): void {
  law('accepts the valid options', 'every set of options.valid fits the schema', async () => {
    expectThat(test.options.valid.length > 0, 'no set at all: give at least one');
    for (const options of test.options.valid) {
      const { problem } = checkOptions(schema, options);
      expectThat(problem === null, `${JSON.stringify(options)} is refused: ${problem}`);
    }
  });

  law('refuses the invalid options and unknown keys', 'no set of options.invalid fits the schema, nor does an unknown key', async () => {
    const unknown = { ...test.options.valid[0], someUnknownOption: true };
    for (const options of [...test.options.invalid, unknown]) {
      expectThat(checkOptions(schema, options).problem !== null, `it accepts ${JSON.stringify(options)}`);
    }
  });
}

function declareCreateLaws(law: Declare, definition: AnyDefinition, test: PluginTest): void {
  const methods = definition.members === undefined ? METHODS[definition.kind] : TEAM_METHODS;
  law(
    'creates an instance of its kind without reading, writing or starting anything',
    `create answers at once, with an object${methods?.map((name) => ` that has ${name}`).join('') ?? ''}; it reaches for nothing`,
    async () => {
      for (const options of test.options.valid) {
        const context = makeContext({ exec: () => noteReach('context.exec') });
        const { result, reaches } = await watchReaches(() => createFrom(definition, options, context));
        expectThat(reaches.length === 0, `create must not start a program, read or write, but it called ${reaches.join(', ')}`);
        expectThat(typeof result === 'object' && result !== null, `create answered ${inspect(result)}`);
        expectThat(!('then' in result), 'create answered a promise');
        const missing = methods.filter((name) => typeof Reflect.get(result, name) !== 'function');
        expectThat(missing.length === 0, `an object without ${missing.join(', ')}`);
      }
    },
  );

  law('can be disposed twice', 'dispose is harmless at any time and as often as it is called', async () => {
    for (const options of test.options.valid) await disposeTwice(createFrom(definition, options, makeContext()));
  });
}
