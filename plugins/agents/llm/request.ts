import { reportRequest } from '../../../src/agent.ts';
import type { Brief } from '../../../src/plugin.ts';
import type { EditableFile } from './files.ts';

const HOW = `answer with one JSON object: the fields below, and with them

  "status": "changed",
  "edits": [{ "path": "the file", "search": "text that stands exactly once in it", "replace": "what takes its place" }]

You have no tools: the edits are applied for you, all or none. \`search\` must be copied to the letter and be just long
enough to be unique; an empty one makes a new file`;

/** Everything the model is sent: it sees the editable files, and nothing else of the project. */
export async function requestOf(brief: Brief, files: readonly EditableFile[], complaint: string | null): Promise<string> {
  const shown = files.map(({ path, text }) => `## ${path}\n\n${fenced(text)}`).join('\n\n');
  const parts = [
    await brief.prompt(),
    `# The files you may change, as they are\n\n${shown === '' ? 'None yet.' : shown}\n`,
    complaint === null ? '' : `# Your last answer could not be used\n\n${complaint}\n`,
    reportRequest(HOW),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text.endsWith('\n') ? text : `${text}\n`}${fence}`;
}
