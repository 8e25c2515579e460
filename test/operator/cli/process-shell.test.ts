import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { userName } from '../../../operator/cli/process-shell.ts';

function unknown(): never {
  throw new Error('A system error occurred: uv_os_get_passwd returned ENOENT');
}

test('is the one that the system gives', () => {
  expect(userName()).toBe(userInfo().username);
});

test('of a user without a passwd entry comes from the environment, or else is the user’s number', () => {
  expect(userName(unknown, { USER: 'ada' })).toBe('ada');
  expect(userName(unknown, {})).toBe(`uid ${process.getuid?.()}`);
});
