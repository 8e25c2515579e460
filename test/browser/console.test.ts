import { existsSync, mkdirSync } from 'node:fs';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocalCloud } from '../../local/cloud.ts';
import type { LocalCloud } from '../../local/handle.ts';

/** The console in a real browser, over a real local cloud: a visitor breaks S3 and heals it without another tool. */

const screenshots = '.keeptrack/screenshots';
const candidates = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const waitMs = 150_000;

let cloud: LocalCloud;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  const executablePath = candidates.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('no Chromium found: install the Debian package chromium, or set CHROMIUM');
  mkdirSync(screenshots, { recursive: true });
  cloud = await startLocalCloud({ speed: 10 });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  // A browser that says it is driven is a robot, whose clicks do not count.
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, userAgent: 'Mozilla/5.0' });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(cloud.urls.console);
});

afterAll(async () => {
  await browser?.close();
  await cloud?.stop();
});

test('clicks, S3 down, healed: the page shows each, and nothing stays owed', async () => {
  const [region = ''] = cloud.regions;
  const panel = page.locator(`[data-region="${region}"]`);
  const owed = panel
    .getByRole('row', { name: new RegExp(`failure-${region}`) })
    .locator('td')
    .nth(1);

  await page.getByRole('button', { name: 'Send 20 clicks a second' }).click();
  await untilText(panel.locator('.stage-stored strong'), isPositive);
  await untilText(panel.locator('.stage-counted strong'), isPositive);
  await untilText(
    panel
      .getByRole('row', { name: /^captured / })
      .locator('td')
      .nth(1),
    isPositive,
  );
  await page.screenshot({ path: `${screenshots}/well.png`, fullPage: true });

  await panel.getByRole('button', { name: 'S3 down' }).click();
  await untilText(page.locator('#faults'), (text) => text.includes(`${region}: s3 error`));
  await untilText(owed, isPositive);
  await page.screenshot({ path: `${screenshots}/s3-down.png`, fullPage: true });

  await page.getByRole('button', { name: 'Send 20 clicks a second' }).click();
  await page.getByRole('button', { name: 'Heal everything' }).click();
  await untilText(page.locator('#faults'), (text) => text === '');
  await untilText(owed, (text) => text === '0');
  await page.screenshot({ path: `${screenshots}/healed.png`, fullPage: true });
  expect(complaints).toEqual([]);
});

test('both regions stand side by side on a laptop and below each other on a phone', async () => {
  const boxes = async () =>
    Promise.all((await page.locator('[data-region]').all()).map((panel) => panel.boundingBox()));
  const [left, right] = await boxes();
  expect(left?.y).toBe(right?.y);
  await page.setViewportSize({ width: 420, height: 900 });
  const [upper, lower] = await boxes();
  expect(lower?.y ?? 0).toBeGreaterThan(upper?.y ?? 0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(420);
  await page.screenshot({ path: `${screenshots}/phone.png`, fullPage: true });
});

function isPositive(text: string): boolean {
  return Number(text.replaceAll(',', '')) > 0;
}

async function untilText(locator: Locator, holds: (text: string) => boolean): Promise<void> {
  await expect
    .poll(async () => holds((await locator.textContent()) ?? ''), { timeout: waitMs, interval: 200 })
    .toBe(true);
}
