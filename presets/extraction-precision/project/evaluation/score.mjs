// PROTECTED: what is right, and what that comes to.

/** Precision, recall and F1 of each field, and of all of them together. */
export function scoreFields(results, fields) {
  return Object.fromEntries(
    [['all', fields], ...fields.map((field) => [field, [field]])].map(([name, some]) => [name, score(results, some)]),
  );
}

function score(results, fields) {
  let [given, labelled, right] = [0, 0, 0];
  for (const { labels, values } of results) {
    for (const field of fields) {
      if (values[field] !== null) given++;
      if (labels[field] !== undefined) labelled++;
      if (values[field] !== null && isRight(values[field], labels[field])) right++;
    }
  }
  // No value given is no wrong value, and no field of this kind in any document is none missed.
  const precision = given === 0 ? 1 : right / given;
  const recall = labelled === 0 ? 1 : right / labelled;
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

/**
 * One item for each field of each document. `found`: 1 for a labelled value that was found. `wrong`: 1 for a value that
 * is not the label.
 */
export function toItems(results, fields, kind) {
  return results.flatMap(({ id, labels, values }) =>
    fields.flatMap((field) => {
      const [value, label] = [values[field], labels[field]];
      const right = value !== null && isRight(value, label);
      const item = { id: `${id}/${field}`, group: field };
      if (kind === 'found') return label === undefined ? [] : [{ ...item, value: right ? 1 : 0 }];
      return [{ ...item, value: value !== null && !right ? 1 : 0 }];
    }),
  );
}

/** The same but for spaces and the case of letters. */
function isRight(value, label) {
  const bare = (text) => text.replaceAll(/\s+/g, '').toLowerCase();
  return label !== undefined && bare(value) === bare(label);
}
