import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findConfig } from '../../src/config/find.ts';
import { makeProject } from './project.ts';

describe('findConfig', () => {
  test('takes the nearest config from the folder upward, yaml before yml before json', async () => {
    const dir = makeProject({
      'autoresearch.config.yml': 'top',
      'autoresearch.config.json': '{}',
      'a/b/keep.txt': '',
      'c/autoresearch.config.yaml': 'inner',
    });
    expect(await findConfig(join(dir, 'a/b'))).toEqual({ file: join(dir, 'autoresearch.config.yml'), text: 'top' });
    expect(await findConfig(join(dir, 'c'))).toEqual({ file: join(dir, 'c/autoresearch.config.yaml'), text: 'inner' });
  });

  test.each([
    ['package.json', '{}'],
    ['package.yaml', ''],
    ['.git/HEAD', 'ref: refs/heads/main'],
  ])('stops at the folder with %s', async (marker, text) => {
    const dir = makeProject({ 'autoresearch.config.yaml': 'x', [`a/${marker}`]: text, 'a/b/keep.txt': '' });
    await expect(findConfig(join(dir, 'a/b'))).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
      hint: expect.stringContaining('autoresearch init'),
    });
    expect(await findConfig(dir)).toMatchObject({ text: 'x' });
  });

  test('finds an empty config too: it is an error to show, not one to skip', async () => {
    const dir = makeProject({ 'autoresearch.config.yaml': 'x', 'a/autoresearch.config.yaml': '' });
    expect(await findConfig(join(dir, 'a'))).toEqual({ file: join(dir, 'a/autoresearch.config.yaml'), text: '' });
  });

  test('reads the file that was named', async () => {
    const dir = makeProject({ 'autoresearch.config.yaml': 'x', 'other.yml': 'y' });
    expect(await findConfig(dir, 'other.yml')).toEqual({ file: join(dir, 'other.yml'), text: 'y' });
  });

  test.each(['none.yaml', 'notes.txt', 'folder.yaml'])('says why it cannot read %s', async (name) => {
    const dir = makeProject({ 'notes.txt': '', 'folder.yaml/keep.txt': '' });
    await expect(findConfig(dir, name)).rejects.toMatchObject({ code: 'CONFIG_NOT_FOUND', message: expect.stringContaining(name) });
  });

  test('a named file that is no config says so, and says what is', async () => {
    const dir = makeProject({ 'notes.txt': '' });
    await expect(findConfig(dir, 'notes.txt')).rejects.toMatchObject({
      hint: 'A config is a .yaml, .yml, .json, .ts, .mts, .js or .mjs file.',
    });
  });
});
