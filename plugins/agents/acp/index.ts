import { defineCli } from '../_cli/define.ts';
import type { CliAsk, CliStart } from '../_cli/types.ts';
import { fill, fillAll } from './fill.ts';
import { schema, type AcpOptions } from './options.ts';
import { talk } from './talk.ts';

export default defineCli(
  { name: 'acp', description: 'Asks any agent that speaks the Agent Client Protocol for a change.', schema },
  (options: AcpOptions) => ({
    program: options.command[0],
    package: '@agentclientprotocol/sdk',
    format: 'anthropic',
    hasSchema: false,
    scope: 'its questions: edits of `scope.edit` only, no commands, no web; an agent may not ask',
    start: (ask) => start(options, ask),
    talk: (pipes, task) => talk(pipes, task, options),
  }),
);

function start({ command, set, files, login }: AcpOptions, { brief, options, home, service }: CliAsk): CliStart {
  const values = { url: service?.url, token: service?.token, model: options.model, home, cwd: brief.cwd };
  return {
    args: command.slice(1).map((text) => fill(text, values) ?? text),
    env: fillAll(set, values),
    ...(!login && { files: fillAll(files, values) }),
  };
}
