import { definePlugin, type RunEnd, type RunView } from '../../../src/plugin.ts';
import { reporterOf } from '../_delivery/reporter.ts';
import type { Service } from '../_delivery/service.ts';
import { auditNote, endNote, experimentNote } from './annotations.ts';
import { schema, type Note } from './schema.ts';
import { writeSummary } from './summary.ts';

/** How long the end of a session waits: both are files of this machine. */
const PATIENCE_MS = 10_000;

export default definePlugin({
  kind: 'reporter',
  name: 'github',
  apiVersion: 1,
  description: 'In GitHub Actions: annotations of the job, and a summary on its page. Elsewhere it does nothing.',
  schema,
  create({ annotate, summary }, context) {
    // A command to the runner is a line of the job's output.
    const say = (note: Note, text: string): false | void =>
      annotate.includes(note) && process.env['GITHUB_ACTIONS'] === 'true' ? void process.stdout.write(text) : false;
    const write = async (run: RunView, end: RunEnd | null = null) => {
      const file = process.env['GITHUB_STEP_SUMMARY'];
      if (summary && file) await writeSummary(file, run, end);
    };
    const service: Service = {
      async experiment({ run, summary: row, at }) {
        // What an earlier session has missed is written once.
        if (at === run.history.length - 1) await write(run);
        return row.kind === 'control' ? false : say(row.verdict, experimentNote(run, row));
      },
      async audit(audit, _index, run) {
        await write(run);
        return say('audit', auditNote(run, audit));
      },
      async end(run, end) {
        await write(run, end);
        return say('done', endNote(run, end));
      },
    };
    return reporterOf(
      { plugin: 'github', service, destination: () => process.env['GITHUB_RUN_ID'] ?? '', patienceMs: PATIENCE_MS },
      context,
    );
  },
});
