// A person at a browser: Debian's Chromium, driven by playwright-core, without JavaScript as on the oldest phone.
import { chromium } from 'playwright-core';
import { PASSWORD } from './relay.mjs';

/** Widths that pages are looked at in: a small phone and a desk. */
export const WIDTHS = [360, 1280];

export const openBrowser = () =>
  chromium.launch({ executablePath: process.env.SANJI_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-quic'] });

/** A new window of its own, signed in unless `account` is null. `tools` lets a test run its own scripts in the page. */
export async function visitor(browser, address, account, { width = 1280, tools = false, language = 'zh' } = {}) {
  const context = await browser.newContext({
    baseURL: address,
    ignoreHTTPSErrors: true,
    javaScriptEnabled: tools,
    bypassCSP: tools,
    viewport: { width, height: 900 },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
  });
  const page = await context.newPage();
  if (account) await signIn(page, account);
  return page;
}

export async function signIn(page, account, password = PASSWORD) {
  await page.goto('/');
  await page.fill('input[name=name]', account);
  await page.fill('input[name=password]', password);
  await page.click('main button');
}

/** Opens a page by its path and gives the answer's status. */
export async function status(page, path) {
  return (await page.goto(path)).status();
}
