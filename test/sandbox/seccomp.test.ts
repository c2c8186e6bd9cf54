import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exec } from '../../src/process/exec.ts';
import { probe } from '../../src/sandbox/probe.ts';
import { DENIED, seccompFilter } from '../../src/sandbox/seccomp.ts';

const HEADERS = [
  '/usr/include/x86_64-linux-gnu/asm/unistd_64.h',
  '/usr/include/x86_64-linux-gnu/asm/unistd_32.h',
  '/usr/include/asm-generic/unistd.h',
];

/** What the kernel answers: runs the program as the kernel does. */
function answer(filter: Buffer, arch: number, number: number): number {
  let loaded = 0;
  for (let at = 0; at < filter.length / 8;) {
    const code = filter.readUInt16LE(at * 8);
    const [ifTrue, ifFalse] = [filter.readUInt8(at * 8 + 2), filter.readUInt8(at * 8 + 3)];
    const value = filter.readUInt32LE(at * 8 + 4);
    at += 1;
    if (code === 0x06) return value;
    if (code === 0x20) loaded = value === 4 ? arch : number;
    else at += (code === 0x15 ? loaded === value : loaded >= value) ? ifTrue : ifFalse;
  }
  throw new Error('the program runs over its end');
}

const [ALLOW, EPERM, ENOSYS] = [0x7fff0000, 0x50001, 0x50026];
const ARCHES = [
  ['x64', 0xc000003e, 0],
  ['x64', 0x40000003, 1],
  ['arm64', 0xc00000b7, 2],
] as const;

describe('the filter of system calls', () => {
  it.each(ARCHES)('on %s refuses for 0x%x exactly what is listed', (machine, audit, column) => {
    const filter = seccompFilter(machine);
    const denied = new Set(Object.values(DENIED).flatMap((row) => row[column] ?? []));
    expect(denied.size).toBeGreaterThan(20);
    for (let number = 0; number < 600; number++)
      expect([number, filter && answer(filter, audit, number)]).toEqual([number, denied.has(number) ? EPERM : ALLOW]);
  });

  it('knows no calls of another kind, nor other machines', () => {
    const [x64, arm64] = [seccompFilter('x64'), seccompFilter('arm64')];
    expect(x64 && [answer(x64, 0xc000003e, 0x40000000), answer(x64, 0xc00000b7, 1)]).toEqual([ENOSYS, ENOSYS]);
    expect(arm64 && answer(arm64, 0x40000028, 1)).toBe(ENOSYS);
    expect(seccompFilter('mips')).toBeNull();
  });

  it.each(HEADERS.map((file, column) => [file, column] as const))('has the numbers of %s', (file, column) => {
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    for (const [name, row] of Object.entries(DENIED)) {
      const found = new RegExp(`#define __NR_${name}\\s+(\\d+)`).exec(text)?.[1];
      expect([name, row[column]]).toEqual([name, found === undefined ? null : Number(found)]);
    }
  });
});

const { layer, bwrap, filter } = await probe('auto');

describe.skipIf(layer !== 'bwrap' || filter === null)('in the sandbox', () => {
  const inside = (script: string) =>
    exec(
      [bwrap, '--seccomp', '3', '--unshare-all', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--', 'python3', '-c', script],
      {
        lastInput: filter,
      },
    );
  const call = (number: number) =>
    `import ctypes; libc = ctypes.CDLL(None, use_errno=True); print(libc.syscall(${number}, 0, 0, 0, 0, 0), ctypes.get_errno())`;

  it('a listed call is refused, and another one is not', async () => {
    const column = process.arch === 'x64' ? 0 : 2;
    expect((await inside(call(DENIED['keyctl']?.[column] ?? 0))).tail).toBe('-1 1\n');
    expect((await inside(call(DENIED['bpf']?.[column] ?? 0))).tail).toBe('-1 1\n');
    expect((await inside('import os; print(os.getpid() > 0)')).tail).toBe('True\n');
  });
});
