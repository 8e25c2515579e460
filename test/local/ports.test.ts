import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { anyPort, type Listening, listen, portRefused } from '../../local/listen.ts';
import { checkPorts, freePorts, portUses, usualPorts } from '../../local/ports.ts';

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function takenPort(): Promise<number> {
  const server = await listen(createServer(), anyPort);
  open.push(server);
  return Number(new URL(server.url).port);
}

test('any free port can be wanted as often as one likes', async () => {
  await checkPorts(portUses(freePorts));
});

test('every port that is taken is named, with what it is for and how to choose another', async () => {
  const [name, console] = [await takenPort(), await takenPort()];
  await expect(checkPorts(portUses({ ...freePorts, name, console }))).rejects.toThrow(
    `port ${name} (the tracking name) is taken by another program: stop it, or choose another port with --port-name\n` +
      `port ${console} (the console) is taken by another program: stop it, or choose another port with --port-console`,
  );
});

test("a port that is wanted twice is no other program's fault", async () => {
  // It stays taken here: a port given back could go to anybody before it is looked at.
  const port = await takenPort();
  await expect(checkPorts(portUses({ ...freePorts, name: port, endpoint: port }))).rejects.toThrow(
    `port ${port} is wanted for the tracking name and for the AWS endpoint: choose another with --port-endpoint`,
  );
});

test('a port that only the administrator may use is not said to be taken', () => {
  const error = Object.assign(new Error('listen EACCES: permission denied 127.0.0.1:80'), { code: 'EACCES' });
  expect(portRefused(portUses({ ...usualPorts, name: 80 }).name, error)).toBe(
    'port 80 (the tracking name) cannot be opened (listen EACCES: permission denied 127.0.0.1:80): ' +
      'choose another port with --port-name',
  );
});
