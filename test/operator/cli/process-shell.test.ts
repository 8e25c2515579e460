import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { userName } from '../../../operator/cli/process-shell.ts';

function unknown(): never {
  throw new Error('A system error occurred: uv_os_get_passwd returned ENOENT');
}

test('is what the system says', () => {
  expect(userName()).toBe(userInfo().username);
});

test('of a user whom no passwd file knows is what the environment says, else the number', () => {
  expect(userName(unknown, { USER: 'ada' })).toBe('ada');
  expect(userName(unknown, {})).toBe(`uid ${process.getuid?.()}`);
});
