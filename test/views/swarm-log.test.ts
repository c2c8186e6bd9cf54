import { expect, it } from 'vitest';
import type { SwarmRow } from '../../src/swarm/overview.ts';
import { claimText, renderSwarmLog } from '../../src/views/swarm-log.ts';

const row = (more: Partial<SwarmRow>): SwarmRow => ({
  origin: 'b2#41',
  node: 'b2',
  owner: 'bob',
  at: 0,
  verdict: 'keep',
  code: 'LIKELY_GAIN',
  title: 'wider layers',
  score: 0.9,
  delta: -0.1,
  hardware: 'H100',
  ...more,
});
const by = [
  { origin: 'a1#7', owner: 'ada', supports: true },
  { origin: 'c3#2', owner: 'cid', supports: false },
];

it('says of every experiment whose it is, on what it ran, and who measured it again', () => {
  const text = renderSwarmLog([row({ claim: 'confirmed', by }), row({ origin: 'a1#7', node: 'a1', owner: 'ada', of: 'b2#41' })], {
    label: 'loss',
    direction: 'minimize',
  });
  const [, , first = '', second = ''] = text.split('\n');
  for (const part of ['b2#41', 'bob', 'H100', '▲', 'wider layers', 'confirmed: for it a1#7; against it c3#2']) expect(text).toContain(part);
  expect(`${first}${second}`).toContain('a1#7');
  expect(text).toContain('of b2#41: wider layers');
});

it('shows hostile words of other nodes in one line', () => {
  const text = renderSwarmLog([row({ owner: 'b\u001B[2J\nob', title: '\u202Ex\n\u0007', hardware: 'H\u001B]0;x\u0007' })], { label: 'loss', direction: 'minimize' }); // prettier-ignore
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text.trimEnd().split('\n')).toHaveLength(5);
});

it.each([
  [{}, null],
  [{ claim: 'claimed' } as const, 'open'],
  [{ claim: 'withdrawn', by: [] } as const, 'withdrawn'],
])('%j reads %s', (claim, text) => expect(claimText(claim)).toBe(text));
