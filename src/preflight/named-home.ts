/** Uses of the home folder: in the sandbox a trial has an empty one of its own, and what it writes there is gone after it. */
import type { Repository } from '../git/repository.ts';
import { grepCommitted } from '../git/working-copy.ts';
import { CODE } from './named-files.ts';

/** Calls that keep what they fetch in a folder of the home, with that folder; or that write to the home by name. */
const USES: readonly (readonly [pattern: string, folder: string | null])[] = [
  [String.raw`(from_pretrained|load_dataset|hf_hub_download|snapshot_download)\(`, '~/.cache/huggingface'],
  [String.raw`torch\.hub\.|torchvision\.models`, '~/.cache/torch'],
  [
    String.raw`fetch_(openml|california_housing|20newsgroups|covtype|lfw_people|olivetti_faces|rcv1|kddcup99|species_distributions)`,
    '~/scikit_learn_data',
  ],
  [String.raw`nltk\.download`, '~/nltk_data'],
  [String.raw`(keras|tf\.keras)\.(datasets|applications|utils\.get_file)`, '~/.keras'],
  [String.raw`tfds\.load`, '~/tensorflow_datasets'],
  [String.raw`expanduser\(|Path\.home\(\)|homedir\(\)|os\.UserHomeDir|home_dir\(\)|["' =]~/|\$\{?HOME\b`, null],
];
const MOST = 4;

/** `open` are the places the config opens already. */
export async function namedHomeWarnings(repository: Repository, base: string, open: readonly string[]): Promise<string[]> {
  const lines = await grepCommitted(
    repository,
    base,
    USES.map(([pattern]) => pattern),
    CODE,
  );
  const warnings = USES.flatMap(([pattern, folder]) => {
    const line = lines.find(({ text }) => new RegExp(pattern).test(text));
    if (
      line === undefined ||
      (folder === null ? open.some((path) => path.startsWith('~')) : open.some((path) => folder.startsWith(path.replace(/\/$/, ''))))
    )
      return [];
    const what = folder === null ? 'uses the home folder' : `keeps what it fetches in ${folder}`;
    const remedy =
      folder === null
        ? 'workspace.readable shows a folder of yours, workspace.writable opens one to write to'
        : `workspace: { writable: [${folder}] } keeps it, and \`trainer.network: true\` lets it be fetched`;
    return [`${line.path}:${line.line} ${what}; trials have an empty home, and what they write there is gone after each\n  ${remedy}`];
  });
  return warnings.slice(0, MOST);
}
