import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRepo, type TestRepo } from '../helpers/repo.ts';
import { CLI } from '../helpers/run-cli.ts';
import { makeFolder } from './night.ts';

const MODEL = `import math

LEARNING_RATE = 0.002
EPOCHS = 40
L2 = 0.3


class LogisticRegression:
    def fit(self, rows, labels):
        self.weights = [0.0] * len(rows[0])
        self.bias = 0.0
        for _ in range(EPOCHS):
            for row, label in zip(rows, labels):
                error = self.predict_proba(row) - label
                self.bias -= LEARNING_RATE * error
                self.weights = [w - LEARNING_RATE * (error * x + L2 * w) for w, x in zip(self.weights, row)]
        return self

    def predict_proba(self, row):
        z = self.bias + sum(w * x for w, x in zip(self.weights, row))
        return 1 / (1 + math.exp(-max(-30, min(30, z))))
`;

const FIT = `import math
import random

from model import LogisticRegression


def make_classification(count, seed):
    chance = random.Random(seed)
    rows = [[chance.gauss(0, 1) for _ in range(4)] for _ in range(count)]
    labels = [1 if 1.5 * a - b + 0.5 * c * c - 0.5 + chance.gauss(0, 0.5) > 0 else 0 for a, b, c, _ in rows]
    return rows, labels


train, test = make_classification(150, 1), make_classification(300, 2)
model = LogisticRegression().fit(*train)
chances = [model.predict_proba(row) for row in test[0]]
loss = -sum(math.log(max(1e-9, p if y else 1 - p)) for p, y in zip(chances, test[1])) / len(chances)
print(f"log_loss: {loss:.5f}")
`;

/** A project as scikit-learn's users have it, in plain Python; \`npx autoresearch\` works in it, and nothing else of ours is there. */
export function makeSkillProject(): TestRepo {
  const repo = makeRepo({ 'model.py': MODEL, 'fit.py': FIT, '.gitignore': 'node_modules/\n__pycache__/\n.claude/\n' }, makeFolder());
  const bin = join(repo.dir, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'autoresearch'), `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`);
  chmodSync(join(bin, 'autoresearch'), 0o755);
  return repo;
}
