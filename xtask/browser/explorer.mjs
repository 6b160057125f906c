// The explorer as a person meets it, in a real browser: node explorer.mjs ADDRESS PARTS CHROMIUM SCREENSHOTS
//
// One fact per function. Every page is watched: an error in the console or a request to another host fails the fact.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [address, parts, executablePath, screenshots] = process.argv.slice(2);
const require = createRequire(join(parts, 'package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const origin = `http://${address}`;
const SIGN = '/docs/zenswarm-oracle-sign-ecdsa';
const VERIFY = '/docs/zenswarm-oracle-verify-eddsa';

/** Faults that a person who cannot see, or cannot point, would stumble over. */
async function accessibility(page) {
  // Through the debugger, so that the page's own policy needs no hole.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map((node) => node.html).join(' ')}`);
}

const facts = {
  async 'the list has every contract and narrows while one types'(page) {
    await page.goto(`${origin}/docs`);
    const names = await (await fetch(`${origin}/apis`)).json();
    assert.equal(await page.locator('#cards > .card').count(), names.length);
    await page.getByRole('searchbox', { name: 'Search' }).fill('sign ecdsa');
    await page.locator('#count', { hasText: ` of ${names.length} contracts` }).waitFor();
    assert.equal(await page.locator('#cards > .card:visible').count(), 2);
  },
  async 'a search without typing ahead is answered by the server'(page) {
    await page.goto(`${origin}/docs`);
    await page.getByRole('searchbox', { name: 'Search' }).fill('schnorr');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.waitForURL('**/docs?q=schnorr');
    assert.ok(await page.locator('#cards > .card').count() >= 2);
  },
  async 'a tag leads to its contracts'(page) {
    await page.goto(`${origin}/docs`);
    await page.getByRole('link', { name: 'schnorr', exact: true }).first().click();
    await page.getByRole('link', { name: 'zenswarm-oracle-sign-schnorr' }).click();
    await page.getByRole('heading', { level: 1, name: 'zenswarm-oracle-sign-schnorr' }).waitFor();
  },
  async 'an applet runs without leaving the page'(page) {
    await page.goto(origin + SIGN);
    await page.getByLabel('asset').fill('{"house": "via Jervis 77"}');
    await page.evaluate(() => { globalThis.stayed = true; });
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('heading', { name: /^Answer/ }).waitFor();
    const answer = JSON.parse(await page.locator('#answer-text').textContent());
    assert.deepEqual(answer.asset, { house: 'via Jervis 77' });
    assert.match(answer.ecdsa_signature.r, /^[A-Za-z0-9+/]+=*$/);
    assert.equal(await page.evaluate(() => globalThis.stayed), true);
  },
  async 'a failure is told and its line is marked'(page) {
    await page.goto(origin + VERIFY);
    await page.getByLabel('asset', { exact: true }).fill('{"changed": true}');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('heading', { name: /^The contract failed/ }).waitFor();
    const marked = await page.locator('.line.fault').textContent();
    assert.match(marked, /When I verify the 'asset'/);
  },
  async 'a field that holds no JSON is named before anything is sent'(page) {
    await page.goto(origin + SIGN);
    await page.getByLabel('asset').fill('{');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('this is not JSON').waitFor();
    assert.equal(await page.getByLabel('asset').getAttribute('aria-invalid'), 'true');
  },
  async 'the keyboard is enough'(page) {
    await page.goto(origin + SIGN);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
    await page.keyboard.press('Enter');
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => document.activeElement.textContent === 'Run')) break;
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Answer/ }).waitFor();
  },
};

/** Facts of every page in every guise. */
async function wellMade(page, path, name) {
  await page.goto(origin + path);
  const width = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(width[0] <= width[1], `${name} scrolls sideways: ${width}`);
  assert.deepEqual(await accessibility(page), []);
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

async function answered(page, name) {
  await page.goto(origin + SIGN);
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByRole('heading', { name: /^Answer/ }).waitFor();
  assert.deepEqual(await accessibility(page), []);
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

for (const colorScheme of ['light', 'dark']) {
  for (const width of [360, 1280]) {
    const guise = `${colorScheme}-${width}`;
    const options = { colorScheme, viewport: { width, height: 800 } };
    facts[`the list is well made, ${guise}`] = Object.assign((page) => wellMade(page, '/docs', `list-${guise}`), { options });
    facts[`a contract is well made, ${guise}`] = Object.assign((page) => wellMade(page, VERIFY, `contract-${guise}`), { options });
    facts[`an answer is well made, ${guise}`] = Object.assign((page) => answered(page, `answer-${guise}`), { options });
  }
}
facts['what is dark is dark and what is light is light'] = async (page, browser) => {
  const brightness = async (colorScheme) => {
    const context = await browser.newContext({ colorScheme });
    const other = await context.newPage();
    await other.goto(`${origin}/docs`);
    const colour = await other.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await context.close();
    return colour.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
  };
  assert.ok(await brightness('light') > 3 * 200);
  assert.ok(await brightness('dark') < 3 * 50);
};
facts['without a script the form is sent and the page comes back'] = Object.assign(async (page) => {
  await page.goto(origin + SIGN);
  await page.getByLabel('asset').fill('{"house": "via Jervis 77"}');
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByRole('heading', { name: /^Answer/ }).waitFor();
  assert.match(await page.locator('#answer-text').textContent(), /via Jervis 77/);
  await page.goto(`${origin}/docs?q=ping`);
  assert.equal(await page.locator('#cards > .card').count(), 2);
}, { options: { javaScriptEnabled: false } });

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
let failed = 0;
for (const [name, fact] of Object.entries(facts)) {
  const context = await browser.newContext(fact.options ?? { viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const faults = [];
  // A form with faults is answered with 422, which Chromium mentions.
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('422')) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error}`));
  page.on('request', (request) => { if (!request.url().startsWith(origin)) faults.push(`request: ${request.url()}`); });
  try {
    await fact(page, browser);
    assert.deepEqual(faults, []);
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${error.stack}`);
  }
  await context.close();
}
await browser.close();
if (failed > 0) {
  console.log(`${failed} of ${Object.keys(facts).length} facts do not hold`);
  process.exit(1);
}
