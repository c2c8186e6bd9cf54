import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { PluginTest } from 'autoresearch/testing';

/** The bytes of a database with one table of times. */
function databaseOf(...times: readonly (number | string)[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-cases-'));
  const database = new DatabaseSync(join(folder, 'it.db'));
  database.exec('create table requests (ms any)');
  const insert = database.prepare('insert into requests values (?)');
  for (const time of times) insert.run(time);
  database.close();
  const bytes = readFileSync(join(folder, 'it.db'));
  rmSync(folder, { recursive: true });
  return bytes;
}

const options = { file: 'it.db', query: 'select max(ms) from requests' };

export default {
  options: { valid: [options], invalid: [{}, { file: 'it.db' }, { ...options, table: 'requests' }] },
  cases: {
    present: { files: { 'it.db': databaseOf(12, 48.5, 15) }, value: 48.5 },
    missing: { files: { 'it.db': databaseOf() } },
    nan: { files: { 'it.db': databaseOf('NaN') } },
  },
} satisfies PluginTest<'metric'>;
