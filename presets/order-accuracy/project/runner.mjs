// PROTECTED: the process the matcher runs in. It gets the orders on stdin, and its answers go back on stdout.
import { readFileSync, writeSync } from 'node:fs';

const send = writeSync;
// What the matcher prints is for people.
console.log = console.error;
const { matchOrders } = await import('./matcher/match.mjs');
const answers = await matchOrders(JSON.parse(readFileSync(0, 'utf8')));
const text = JSON.stringify(answers);
for (let at = 0; at < text.length; at += 65_536) send(1, text.slice(at, at + 65_536));
