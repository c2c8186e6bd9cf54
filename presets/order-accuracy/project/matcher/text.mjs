import { NUMBER_WEIGHT, RARITY, RUN_LENGTH } from './settings.mjs';

/** The words of a text: lower case, numbers apart from what follows them, decimal points kept. */
export function wordsOf(text) {
  return (
    text
      .toLowerCase()
      .replaceAll(/(\d),(\d)/g, '$1.$2')
      .match(/\d+(?:\.\d+)?|[a-zäöüß]+|%/g) ?? []
  );
}

/** Every run of RUN_LENGTH characters, with the ends of words marked. */
export function runsOf(words) {
  const runs = new Set();
  for (const word of words) {
    const padded = `_${word}_`;
    for (let at = 0; at + RUN_LENGTH <= padded.length; at += 1) runs.add(padded.slice(at, at + RUN_LENGTH));
  }
  return runs;
}

/** What each word is worth: more the fewer articles have it, and more with digits. */
export function weighWords(texts) {
  const counts = new Map();
  for (const words of texts) for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const most = Math.log(texts.length + 1);
  const weights = new Map();
  return (word) => {
    const known = weights.get(word);
    if (known !== undefined) return known;
    const rarity = Math.log((texts.length + 1) / (counts.get(word) ?? 0.5)) / most;
    const weight = rarity ** RARITY * (/\d/.test(word) ? NUMBER_WEIGHT : 1);
    weights.set(word, weight);
    return weight;
  };
}

/** How much of the weight of two sets they have in common, from 0 to 1. */
export function overlap(ours, theirs, weight = () => 1) {
  let both = 0;
  let all = 0;
  for (const each of ours) {
    const worth = weight(each);
    all += worth;
    if (theirs.has(each)) both += worth;
  }
  for (const each of theirs) if (!ours.has(each)) all += weight(each);
  return all === 0 ? 0 : both / all;
}
