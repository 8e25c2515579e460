import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseDeployConfig } from '../../core/config/deploy-config.ts';
import { writeChangedConfig } from '../../local/changed-config.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'changed-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const configFile = path.join(folder, 'keeptrack.config.json');
const base = {
  name: 'kt',
  account: '111122223333',
  regions: ['us-east-1', 'us-west-2'],
  catalog: 'catalogs/mine.yaml',
};

function changed(config: unknown, door: 'http-api' | 'alb') {
  writeFileSync(configFile, typeof config === 'string' ? config : JSON.stringify(config));
  return writeChangedConfig(configFile, { frontDoor: door }, path.join(folder, 'changed.json'));
}

function parsed(file: string) {
  const config = parseDeployConfig(readFileSync(file, 'utf8'));
  if (config.kind === 'invalid') throw new Error(config.problems.join('\n'));
  return config.config;
}

test('a config without a reservation for track gets all that is left, because a load balancer needs one', () => {
  const config = parsed(changed(base, 'alb'));
  expect(config.frontDoor).toBe('alb');
  expect(config.concurrency.track).toBeGreaterThan(500);
  expect(config.catalog).toBe(path.join(folder, 'catalogs/mine.yaml'));
});

test('a trial without reservations tries a load balancer here, where no account sets a bound', () => {
  const trial = { concurrency: { account: 10, floor: 'none' } };
  expect(parsed(changed({ ...base, ...trial }, 'alb'))).toMatchObject({
    frontDoor: 'alb',
    concurrency: { floor: 'kept' },
  });
});

test('the user’s own reservation and load balancer stay', () => {
  const own = { concurrency: { account: 2_000, track: 300 }, loadBalancer: { waf: true } };
  expect(parsed(changed({ ...base, ...own, frontDoor: 'http-api', secondFrontDoor: 'alb' }, 'alb'))).toMatchObject({
    frontDoor: 'alb',
    concurrency: { account: 2_000, track: 300 },
    loadBalancer: { waf: true },
  });
});

test('an HTTP API takes the place of both doors', () => {
  const own = {
    frontDoor: 'alb',
    secondFrontDoor: 'http-api',
    concurrency: { track: 600 },
    loadBalancer: { waf: true },
  };
  const config = parsed(changed({ ...base, ...own }, 'http-api'));
  expect(config).toMatchObject({ frontDoor: 'http-api' });
  expect([config.secondFrontDoor, config.loadBalancer]).toEqual([undefined, undefined]);
});

test('a config that is no JSON is left to the app, which says what is wrong', () => {
  expect(changed('{', 'alb')).toBe(configFile);
});

test('another catalog changes nothing else', () => {
  const own = { concurrency: { account: 2_000, track: 300 }, frontDoor: 'http-api', secondFrontDoor: 'alb' };
  writeFileSync(configFile, JSON.stringify({ ...base, ...own }));
  const file = writeChangedConfig(configFile, { catalog: '/tmp/other.yaml' }, path.join(folder, 'changed.json'));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ ...base, ...own, catalog: '/tmp/other.yaml' });
});
