import { endianness } from 'node:os';

/**
 * System calls that nothing in an experiment needs, and through which kernels have been attacked: modules, kexec, swap,
 * clocks, keys of the kernel, BPF, io_uring. Their numbers on x64, on x64 in 32-bit programs, and on arm64; null where
 * there is none. Namespaces and mounts stay allowed, for the sandboxes that agents make themselves, and so do ptrace and
 * perf, for debuggers and counters.
 */
export const DENIED: Readonly<Record<string, readonly [x64: number, x86: number | null, arm64: number | null]>> = {
  kexec_load: [246, 283, 104],
  kexec_file_load: [320, null, 294],
  init_module: [175, 128, 105],
  finit_module: [313, 350, 273],
  delete_module: [176, 129, 106],
  reboot: [169, 88, 142],
  swapon: [167, 87, 224],
  swapoff: [168, 115, 225],
  acct: [163, 51, 89],
  quotactl: [179, 131, 60],
  quotactl_fd: [443, 443, 443],
  syslog: [103, 103, 116],
  settimeofday: [164, 79, 170],
  clock_settime: [227, 264, 112],
  iopl: [172, 110, null],
  ioperm: [173, 101, null],
  vhangup: [153, 111, 58],
  lookup_dcookie: [212, 253, 18],
  bpf: [321, 357, 280],
  userfaultfd: [323, 374, 282],
  add_key: [248, 286, 217],
  request_key: [249, 287, 218],
  keyctl: [250, 288, 219],
  fanotify_init: [300, 338, 262],
  open_by_handle_at: [304, 342, 265],
  io_uring_setup: [425, 425, 425],
  io_uring_enter: [426, 426, 426],
  io_uring_register: [427, 427, 427],
  uselib: [134, 86, null],
};

/** How the kernel names what a system call was made for. */
const AUDIT = { x64: 0xc000003e, x86: 0x40000003, arm64: 0xc00000b7 };
/** Numbers from here on are those of a second set of calls on x64, which hardly anything uses. */
const X32 = 0x40000000;
const [LOAD, IF_EQUAL, IF_AT_LEAST, RETURN] = [0x20, 0x15, 0x35, 0x06];
const ALLOW = 0x7fff0000;
const refuse = (errno: number) => 0x00050000 + errno;
const [EPERM, ENOSYS] = [1, 38];
const [AT_NUMBER, AT_ARCH] = [0, 4];

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

/** The filter as the kernel's own small programs (classic BPF), for `bwrap --seccomp`; null where this machine's calls are not known. */
export function seccompFilter(arch: string = process.arch): Buffer | null {
  if (endianness() !== 'LE') return null;
  const all = Object.values(DENIED);
  const sections = {
    x64: [...section(AUDIT.x64, numbers(all, 0), true), ...section(AUDIT.x86, numbers(all, 1), false)],
    arm64: section(AUDIT.arm64, numbers(all, 2), false),
  };
  if (arch !== 'x64' && arch !== 'arm64') return null;
  // Calls of yet another kind, such as those of 32-bit programs on arm64, are not there.
  return assembled([[LOAD, 0, 0, AT_ARCH], ...sections[arch], [RETURN, 0, 0, refuse(ENOSYS)]]);
}

function numbers(all: readonly (readonly (number | null)[])[], at: number): number[] {
  return all.flatMap((row) => row[at] ?? []);
}

/** What is decided for calls of one architecture; those of others go on behind it. */
function section(audit: number, denied: readonly number[], hasX32: boolean): Instruction[] {
  const checks = denied.map((number, index): Instruction => [IF_EQUAL, denied.length - index, 0, number]);
  const x32: Instruction[] = hasX32 ? [[IF_AT_LEAST, denied.length + 2, 0, X32]] : [];
  const body: Instruction[] = [
    [LOAD, 0, 0, AT_NUMBER],
    ...x32,
    ...checks,
    [RETURN, 0, 0, ALLOW],
    [RETURN, 0, 0, refuse(EPERM)],
    [RETURN, 0, 0, refuse(ENOSYS)],
  ];
  return [[IF_EQUAL, 0, body.length, audit], ...body];
}

function assembled(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(value, index * 8 + 4);
  }
  return bytes;
}
