import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { definePlugin, ReasonError } from 'autoresearch/plugin';

export default definePlugin({
  kind: 'metric',
  name: 'sqlite',
  apiVersion: 1,
  description: 'A number that a query finds in a SQLite file the trial writes.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['file', 'query'],
    properties: {
      file: { type: 'string', description: 'The database, relative to the project folder; name it under `workspace.outputs` too.' },
      query: { type: 'string', description: 'A query that answers one row with one column.' },
    },
  },
  create: ({ file, query }, { label }) => ({
    measure({ cwd }) {
      const missing = (text: string) => new ReasonError('METRIC_MISSING', `${label}: ${text}`);
      // Opening a database that is not there would create an empty one, also where it is to be read only.
      if (!existsSync(join(cwd, file))) throw missing(`the trial wrote no ${file}`);
      const row = queryOne(join(cwd, file), query, (text) => missing(`${file}: ${text}`));
      const [value, second] = Object.values(row ?? {});
      if (row === undefined) throw missing(`the query found no row in ${file}`);
      if (second !== undefined) throw missing(`the query answers more than one column`);
      // SQL's null, such as the average of nothing, is no 0.
      if (value === null) throw missing(`the query found null in ${file}`);
      if (typeof value !== 'number' || !Number.isFinite(value))
        throw new ReasonError('METRIC_NOT_FINITE', `${label}: the query found ${JSON.stringify(value)}, not a number`);
      return value;
    },
  }),
});

function queryOne(file: string, query: string, refusal: (text: string) => Error): Record<string, unknown> | undefined {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(query).get();
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error));
  } finally {
    database.close();
  }
}
