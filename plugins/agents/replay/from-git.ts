import type { Brief, PluginContext, Preflight, Proposal, Report } from '../../../src/plugin.ts';
import { readGit, writePatch } from './git.ts';
import { readMessage } from './message.ts';
import type { CreateSource, Entry } from './source.ts';

/** The candidates of a recorded run, from its ledger. */
export const fromRun: CreateSource = (run, context) => {
  const ref = `refs/autoresearch/${run}/ledger`;
  return {
    verify: (preflight) => verifyRef(ref, `there is no recorded run "${run}"`, 'autoresearch status lists the runs', context, preflight),
    list: async (brief) => {
      const log = await readGit(['log', '--first-parent', '--reverse', '--format=%H%x09%P%x09%s', ref, '--'], context, brief);
      return lines(log).flatMap((line) => entryOf(line, run, context) ?? []);
    },
  };
};

/** A ledger commit has its candidate for a second parent; the baseline, #0, changes nothing. */
function entryOf(line: string, run: string, context: PluginContext): Entry | null {
  const [commit = '', parents = '', subject = ''] = line.split('\t');
  const candidate = parents.split(' ')[1];
  const id = /^#(\d+) /.exec(subject)?.[1];
  if (candidate === undefined || id === undefined || id === '0') return null;
  return {
    name: `${run}#${id}`,
    load: async (brief) => {
      const record = await readGit(['show', `${commit}:record.json`], context, brief);
      return { report: reportOf(JSON.parse(record)), patchFile: await writePatch(candidate, context, brief) };
    },
  };
}

function reportOf({ proposal }: { readonly proposal: Proposal }): Report {
  const { title, hypothesis, rationale, risks, source, params, expected } = proposal;
  return { title, hypothesis, rationale, risks, source, ...(params && { params }), ...(expected && { expected }) };
}

/** The commits of a branch since the commit this run started from, merges left out. */
export const fromBranch: CreateSource = (branch, context) => ({
  verify: (preflight) =>
    verifyRef(`${branch}^{commit}`, `there is no branch "${branch}"`, 'git branch --all lists them', context, preflight),
  list: async (brief) => {
    const start = baseOf(brief);
    const log = await readGit(
      ['log', '--reverse', '--no-merges', '--topo-order', '--format=%H', `${start}..${branch}`, '--'],
      context,
      brief,
    );
    return lines(log).map((commit) => ({
      name: commit.slice(0, 12),
      load: async (one) => {
        const message = await readGit(['log', '-1', '--format=%s%n%n%b', commit, '--'], context, one);
        const [subject = '', ...body] = message.split('\n');
        return { report: { ...readMessage(subject, body.join('\n')), source: 'file' }, patchFile: await writePatch(commit, context, one) };
      },
    }));
  },
});

// The incumbent moves while the run goes on; the baseline's commit does not.
function baseOf({ run, parent }: Brief): string {
  return run.baseline?.candidate ?? parent;
}

async function verifyRef(ref: string, problem: string, hint: string, context: PluginContext, preflight: Preflight): Promise<void> {
  const { exit } = await context.exec(['git', 'rev-parse', '--verify', '--quiet', ref], { cwd: preflight.projectDir });
  if (exit !== 'completed') preflight.problem('CONFIG_VALUE', problem, hint);
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
