import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

/** Fields of /proc/PID/stat after the command's name: where the kernel has put the variables a process was started with. */
const ENV_START = 47;
const ENV_END = 48;

/**
 * Takes values out of what other processes of the user can read in /proc/PID/environ: the memory in which the kernel
 * has put the variables of this process. Deleting a variable does not change that memory. Here each variable is set
 * anew, which copies it elsewhere, and the place where it was is overwritten: `process.env` stays as it is.
 * @returns whether nothing is left to be read there; false where the system does not allow it
 */
export function hideFromProc(isSecret: (name: string) => boolean): boolean {
  if (process.platform !== 'linux') return false;
  const secrets = Object.entries(process.env).filter(([name]) => isSecret(name));
  if (secrets.length === 0) return true;
  try {
    overwrite(secrets.map(([name]) => name));
    // Nothing is to be done for variables that are not in that memory.
    const left = readFileSync('/proc/self/environ', 'latin1').split('\0');
    return secrets.every(([name, value = '']) => value === '' || !left.includes(latin1(`${name}=${value}`)));
  } catch {
    return false;
  }
}

function overwrite(names: readonly string[]): void {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const start = Number(fields[ENV_START]);
  const length = Number(fields[ENV_END]) - start;
  const memory = openSync('/proc/self/mem', 'r+');
  try {
    const bytes = Buffer.alloc(length);
    readSync(memory, bytes, 0, length, start);
    for (let at = 0; at < length;) {
      const end = bytes.indexOf(0, at) === -1 ? length : bytes.indexOf(0, at);
      const text = bytes.toString('latin1', at, end);
      const name = names.find((one) => text.startsWith(latin1(`${one}=`)));
      const value = name === undefined ? undefined : process.env[name];
      if (name !== undefined && value !== undefined) {
        process.env[name] = value;
        const from = at + Buffer.byteLength(name) + 1;
        writeSync(memory, Buffer.alloc(end - from), 0, end - from, start + from);
      }
      at = end + 1;
    }
  } finally {
    closeSync(memory);
  }
}

function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}
