import { createServer } from 'node:net';

/** Tests of one file run in one process, one after another; processes beside each other begin at different ports. */
let next = 20_000 + (process.pid % 1200) * 10;

/**
 * A port that nobody listens on. It is below those that systems give to whoever asks for any, so that no other program gets it
 * while a test has its server closed.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next++;
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
