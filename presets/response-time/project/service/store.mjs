import { readFileSync } from 'node:fs';
import { FIND_BY, KEEP_JSON, RELATED_BY, SEARCH_BY } from './settings.mjs';

/** The parts, with whatever lists the settings ask for. */
export function loadStore(file) {
  const parts = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const byId = FIND_BY === 'map' ? new Map(parts.map((part) => [part.id, part])) : null;
  const byWord = SEARCH_BY === 'words' ? listBy(parts, ({ name, text }) => [...wordsOf(name), ...wordsOf(text)]) : null;
  const byTag = RELATED_BY === 'tags' ? listBy(parts, ({ tags }) => tags) : null;
  const json = KEEP_JSON ? new Map(parts.map((part) => [part, JSON.stringify(part)])) : null;
  return {
    parts,
    find: (id) => (byId ? byId.get(id) : parts.find((part) => part.id === id)),
    /** Every part that could have one of the words. */
    withWords: (words) => (byWord ? unite(words.map((word) => byWord.get(word) ?? [])) : parts),
    /** Every part that could have one of the tags. */
    withTags: (tags) => (byTag ? unite(tags.map((tag) => byTag.get(tag) ?? [])) : parts),
    toJson: (part) => json?.get(part) ?? JSON.stringify(part),
  };
}

export function wordsOf(text) {
  return text.toLowerCase().split(/[\s,;]+/);
}

function listBy(parts, keysOf) {
  const lists = new Map();
  for (const part of parts) {
    for (const key of new Set(keysOf(part))) {
      const list = lists.get(key);
      if (list) list.push(part);
      else lists.set(key, [part]);
    }
  }
  return lists;
}

function unite(lists) {
  return lists.length === 1 ? lists[0] : [...new Set(lists.flat())];
}
