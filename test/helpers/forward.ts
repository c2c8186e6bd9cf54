import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkNamespace } from './network-namespace.ts';

/** A port on this side that leads to one inside of a namespace. */
export interface Forward {
  readonly port: number;
  close(): void;
}

/**
 * By way of a socket of the file system, which crosses namespaces: nothing has to be reachable over a network.
 * @param own the port on this side; 0 for any
 */
export async function forwardPort(network: NetworkNamespace, port: number, dir: string, own = 0): Promise<Forward> {
  const path = join(dir, `${port}.socket`);
  rmSync(path, { force: true });
  const inside = await relay([...network.enter, process.execPath], path, String(port));
  const outside = await relay([process.execPath], String(own), path);
  return {
    port: outside.port,
    close() {
      for (const { child } of [inside, outside]) child.kill('SIGKILL');
    },
  };
}

/** Processes of their own, so that they work while a test waits for a program. */
async function relay([program = '', ...node]: readonly string[], from: string, to: string): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(program, [...node, '-e', SCRIPT, from, to], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (text: Buffer) => resolve(Number(text)));
    child.once('exit', (code) => reject(new Error(`a relay ended with ${code}`)));
  });
  return { child, port };
}

/** From a port or a path to another, on the loopback interface. */
const SCRIPT = `
  const net = require('node:net');
  const [from, to] = process.argv.slice(1).map((text) => (text.startsWith('/') ? { path: text } : { port: Number(text), host: '127.0.0.1' }));
  const server = net.createServer((outer) => {
    const inner = net.connect(to);
    for (const [one, other] of [[outer, inner], [inner, outer]]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    outer.pipe(inner).pipe(outer);
  });
  server.listen(from, () => console.log(server.address().port ?? 0));
`;
