import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { NetworkNamespace } from '../helpers/network-namespace.ts';

/** A port on this side that leads to one inside of a namespace. */
export interface Forward {
  readonly port: number;
  close(): void;
}

/** By way of a socket of the file system, which crosses namespaces: nothing has to be reachable over a network. */
export async function forwardPort(network: NetworkNamespace, port: number, dir: string, own = 0): Promise<Forward> {
  const path = join(dir, `${port}.socket`);
  rmSync(path, { force: true });
  const [program, ...enter] = network.enter;
  const relay = spawn(program, [...enter, process.execPath, '-e', RELAY, path, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    relay.stdout.once('data', () => resolve());
    relay.once('exit', (code) => reject(new Error(`the relay ended with ${code}`)));
  });
  const sockets = new Set<Socket>();
  const server = createServer((outer) => {
    const inner = connect(path);
    for (const [from, to] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => (sockets.delete(from), to.destroy()));
    }
    outer.pipe(inner).pipe(outer);
  });
  await new Promise<void>((resolve) => void server.listen(own, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      relay.kill('SIGKILL');
    },
  };
}

/** From the socket to the port, inside. */
const RELAY = `
  const net = require('node:net');
  const [path, port] = process.argv.slice(1);
  net.createServer((outer) => {
    const inner = net.connect(Number(port), '127.0.0.1');
    for (const [from, to] of [[outer, inner], [inner, outer]]) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
    outer.pipe(inner).pipe(outer);
  }).listen(path, () => console.log('ready'));
`;
