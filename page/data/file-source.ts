/** The data of a report: it is in the file itself, in elements of JSON. */
import type { ReportData, ReportDetails } from '../../src/page/built.ts';
import type { Source } from './source.ts';

export function fileSource(read: (id: string) => string | null): Source | null {
  const text = read('data');
  if (text === null) return null;
  const data = JSON.parse(text) as ReportData;
  let details: ReportDetails | null = null;
  return {
    canAct: false,
    listen(listener) {
      listener.head(data.head);
      listener.rows(data.rows, true);
      listener.connection('file');
    },
    // A file holds one run.
    otherRuns: () => Promise.resolve([]),
    withRun: () => Promise.resolve(null),
    between: () => Promise.resolve(null),
    detail(id, run = null) {
      if (run !== null) return Promise.resolve(null);
      // Read when the first one is opened: they are most of the file.
      details ??= JSON.parse(read('details') ?? '{}') as ReportDetails;
      return Promise.resolve(details[String(id)] ?? null);
    },
    section: (name) => Promise.resolve(data.sections[name]),
    wish: () => Promise.reject(new Error('a report can only be read')),
  };
}
