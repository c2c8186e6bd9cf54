/**
 * What the engine costs beside the work: the time of an experiment whose agent and trainer do nothing, against a shell
 * loop that does the same steps by hand. Both take turns within one run, so that what else the machine does hits both;
 * each figure is the median of the turns' ratios. The processes of an experiment are counted too: these do not depend on load.
 * Usage: node bench/overhead.ts [experiments of each setting, default 1000]
 */
import { countProcesses } from './overhead/processes.ts';
import { makeBench, removeBench, SETTINGS, type Setting } from './overhead/project.ts';
import { measureReading } from './overhead/reading.ts';
import { runTurns } from './overhead/turns.ts';

const experiments = Number(process.argv[2] ?? 1000);
const row = (...cells: readonly string[]) =>
  console.log(cells.map((cell, at) => (at === 0 ? cell.padEnd(44) : cell.padStart(10))).join(''));

async function measure(setting: Setting): Promise<void> {
  const bench = makeBench(setting);
  try {
    const { engine, shell, ratio, spread, late, memoryMb, most, end } = runTurns(bench, experiments);
    row(setting.name, shell.ms.toFixed(1), engine.ms.toFixed(1), ratio.toFixed(2), `± ${spread.toFixed(2)}`, late.toFixed(2));
    row('  time of processors', shell.cpu.toFixed(1), engine.cpu.toFixed(1), (engine.cpu / shell.cpu).toFixed(2));
    const processes = countProcesses(setting);
    row('  programs started', processes?.shell.toFixed(1) ?? 'no strace', processes?.engine.toFixed(1) ?? '');
    row("  of these git's", processes?.shellGit.toFixed(1) ?? '', processes?.engineGit.toFixed(1) ?? '');
    row('  memory of the engine, MB', memoryMb.toFixed(0));
    row('  loose objects at most, and at the end', String(most.loose), String(end.loose));
    row('  MB on disk at most, and at the end', most.objectMb.toFixed(1), end.objectMb.toFixed(1));
    if (setting === SETTINGS[0]) for (const [name, ...cells] of measureReading(bench)) row(`  ${name}`, ...cells);
  } finally {
    removeBench(bench);
  }
}

row('', 'shell, ms', 'engine, ms', 'ratio', '', 'late/early');
for (const setting of SETTINGS) await measure(setting);
