/** Stands for a service under load: writes the time of each request to a database. */
import { DatabaseSync } from 'node:sqlite';
import { BATCH } from './settings.mjs';

const database = new DatabaseSync('requests.db');
database.exec('create table requests (id integer primary key, ms real)');
const insert = database.prepare('insert into requests (ms) values (?)');
// Small batches wait for a turn, large ones for each other; the best size is 12.
for (let id = 1; id <= 200; id++) insert.run(20 + 240 / BATCH + 1.7 * BATCH + (id % 7));
database.close();
