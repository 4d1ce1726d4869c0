// The review pages in a real browser, against a relay that a week of real phone cores has filled.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { PASSWORD, startDemo } from './relay.mjs';
import { openBrowser, signIn, status, visitor, WIDTHS } from './visitor.mjs';

const OUT = process.env.SANJI_SHOTS ?? '../out/shots';
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What WCAG 2.2 AA asks for and axe can see. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** The most that a page may weigh on the first visit, style sheet included, as it travels: bytes. */
const MOST_BYTES = 60_000;
const ACCOUNTS = ['supervisor', 'township', 'principal', 'admin'];

/** A link from a cell to its day; the one at a name leads to the person's term. */
const DAY = 'td a[href^="/postings/"]';

const run = promisify(execFile);

/** A real phone core that enrols by the text of a QR code, and syncs. */
async function newcomer(text, ...asks) {
  const folder = await mkdtemp(join(tmpdir(), 'sanji-newcomer-'));
  try {
    const child = spawn(process.env.SANJI_NEWCOMER, [folder, ...asks], { stdio: 'pipe' });
    child.stdin.end(text);
    const said = { out: '', err: '' };
    child.stdout.on('data', (data) => (said.out += data));
    child.stderr.on('data', (data) => (said.err += data));
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(said.err);
    return said.out;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let demo, browser;
/** Addresses of this week: a school with everything, one of another township, a day in each. */
const at = {};

before(async () => {
  await mkdir(OUT, { recursive: true });
  demo = await startDemo();
  browser = await openBrowser();
  const page = await visitor(browser, demo.address, 'supervisor');
  await page.goto('/county');
  const schools = await page.$$eval('a[href^="/schools/"]', (links) =>
    links.map((link) => ({ name: link.textContent, path: link.getAttribute('href') })),
  );
  const day = async (name) => {
    const school = schools.find((one) => one.name.includes(name));
    await page.goto(school.path);
    return [school.path, await page.getAttribute(DAY, 'href')];
  };
  [at.school, at.day] = await day('可乐石桥幼儿园');
  // The principal stands first: nobody corrects their own days.
  at.staffDay = (await page.$$eval(DAY, (links) => links.map((link) => link.getAttribute('href'))))
    .find((path) => path.split('/')[2] !== at.day.split('/')[2]);
  at.today = at.school.replace(/[^/]*$/, 'today');
  at.person = at.staffDay.replace(/\/[^/]*$/, '');
  await page.goto('/county');
  at.group = await page.getAttribute('a[href^="/groups/"]', 'href');
  at.township = await page.getAttribute('a[href^="/townships/"]', 'href');
  [at.foreign, at.foreignDay] = await day('铁匠清水小学');
  await page.goto('/county');
  const served = await page.getAttribute('a[href^="/schools/"]:has-text("小学")', 'href');
  at.served = served.replace(/\/[^/]*$/, '');
  await page.goto('/visits');
  // The one of which two people changed the same part.
  at.visit = await page.getAttribute('tr:has(.conflict) a[href^="/visits/"]', 'href');
  await page.goto('/devices');
  at.device = await page.getAttribute('a[href^="/devices/"]', 'href');
  await page.context().close();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Every page that stands alone: its name in pictures, its address, who looks. */
const PAGES = [
  ['sign-in', () => '/sign-in', null],
  ['county', () => '/county', 'supervisor'],
  ['week', () => at.school, 'supervisor'],
  ['week-of-principal', () => at.school, 'principal'],
  ['day', () => at.day, 'supervisor'],
  ['county-found', () => '/county?status=irregular', 'supervisor'],
  ['group', () => at.group, 'supervisor'],
  ['township', () => at.township, 'supervisor'],
  ['today', () => at.today, 'principal'],
  ['person', () => at.person, 'principal'],
  ['people', () => '/people?q=%E7%8E%8B', 'supervisor'],
  ['packs', () => '/packs', 'supervisor'],
  ['pack', () => '/packs/HZ', 'supervisor'],
  ['audit', () => '/audit', 'admin'],
  ['devices', () => '/devices', 'supervisor'],
  ['flagged', () => '/flagged', 'supervisor'],
  ['flagged-of-principal', () => '/flagged', 'principal'],
  ['day-of-principal', () => at.staffDay, 'principal'],
  ['queue', () => '/queue', 'principal'],
  ['sheet', () => `${at.school}/sheet`, 'principal'],
  ['notice', () => `${at.school}/notice`, 'principal'],
  ['service', () => `${at.served}/service/2026a`, 'supervisor'],
  ['visits', () => '/visits', 'supervisor'],
  ['visit', () => at.visit, 'supervisor'],
  ['obligations', () => '/obligations', 'supervisor'],
  ['staff', () => `${at.school.replace(/\/[^/]*$/, '')}/people`, 'principal'],
  ['settings', () => `${at.school.replace(/\/[^/]*$/, '')}/settings`, 'principal'],
  ['asking', () => '/devices/asking', 'principal'],
  ['account', () => '/account', 'principal'],
  ['accounts', () => '/accounts', 'admin'],
  ['county-settings', () => '/settings', 'admin'],
  ['device', () => at.device, 'admin'],
  ['api', () => '/api', 'supervisor'],
  ['missing', () => '/nowhere', 'supervisor'],
];

/** An address in a language; filters may stand in it already. */
const spoken = (path, language) => `${path}${path.includes('?') ? '&' : '?'}lang=${language}`;

describe('each page', () => {
  for (const [name, path, account] of PAGES) {
    test(`${name}: in both languages, at a phone's and a desk's width, without JavaScript`, async () => {
      for (const language of ['zh', 'en']) {
        for (const width of WIDTHS) {
          const page = await visitor(browser, demo.address, account, { width, language });
          const answer = await page.goto(spoken(path(), language));
          assert.equal(answer.status(), name === 'missing' ? 404 : 200);
          assert.match(await page.getAttribute('html', 'lang'), new RegExp(`^${language}`));
          assert.equal(await page.locator('script').count(), 0, 'no script');
          await page.screenshot({ path: join(OUT, `${name}-${language}-${width}.png`), fullPage: true });
          const text = await page.innerText('body');
          assert.ok(!text.includes('pages-') && !text.includes('views-') && !text.includes('acts-') && !text.includes('{$'), `a text is missing: ${text}`);
          if (language === 'en') {
            const own = await page.innerText('main h1, main h2 >> nth=0');
            assert.ok(own.length > 0);
          }
          await page.context().close();
        }
      }
    });

    test(`${name}: nothing runs out of the side, nothing breaks a rule of access`, async () => {
      for (const language of ['zh', 'en']) {
        for (const width of WIDTHS) {
          const page = await visitor(browser, demo.address, account, { width, language, tools: true });
          await page.goto(spoken(path(), language));
          const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
          assert.ok(wide <= room, `${width} px wide, and ${wide} are used`);
          await page.evaluate(AXE);
          const found = await page.evaluate((tags) => axe.run({ runOnly: tags }), WCAG);
          const told = found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(' ')}`);
          assert.deepEqual(told, [], `${language} ${width}`);
          await page.context().close();
        }
      }
    });

    test(`${name}: at most ${MOST_BYTES / 1000} kB on the first visit`, async () => {
      const page = await visitor(browser, demo.address, account, { tools: true });
      const network = await page.context().newCDPSession(page);
      await network.send('Network.enable');
      await network.send('Network.setCacheDisabled', { cacheDisabled: true });
      let bytes = 0;
      network.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
      await page.goto(path(), { waitUntil: 'networkidle' });
      assert.ok(bytes > 500 && bytes <= MOST_BYTES, `${bytes} bytes`);
      await page.context().close();
    });
  }
});

test('from the county to the entry behind a cell are three clicks', async () => {
  const page = await visitor(browser, demo.address, 'supervisor');
  await page.goto('/county');
  await page.click('a:has-text("可乐石桥幼儿园")');
  await page.click('td details summary >> nth=0');
  await page.click('td details[open] a[href^="/postings/"] >> nth=0');
  assert.match(new URL(page.url()).pathname, /^\/postings\//);
  const text = await page.innerText('main');
  assert.match(text, /上班签到/);
  assert.match(text, /实际在 .* 之间/);
  assert.match(text, /依据:HZ/);
  assert.match(text, /查看记录/, 'a look at entries is written down, and says so');
  await page.context().close();
});

test('each role meets what is its own, and a forbidden page is a missing page', async () => {
  const expected = {
    '/county': { supervisor: 200, township: 200, principal: 200, admin: 200 },
    // An administrator sees devices, and no records without a supervisor's role as well.
    school: { supervisor: 200, township: 200, principal: 200, admin: 404 },
    day: { supervisor: 200, township: 200, principal: 200, admin: 404 },
    foreign: { supervisor: 200, township: 404, principal: 404, admin: 404 },
    foreignDay: { supervisor: 200, township: 404, principal: 404, admin: 404 },
    today: { supervisor: 200, township: 200, principal: 200, admin: 404 },
    person: { supervisor: 200, township: 200, principal: 200, admin: 404 },
    '/people': { supervisor: 200, township: 200, principal: 200, admin: 404 },
    '/packs': { supervisor: 200, township: 200, principal: 200, admin: 200 },
    '/audit': { supervisor: 404, township: 404, principal: 404, admin: 200 },
    '/devices': { supervisor: 200, township: 200, principal: 200, admin: 200 },
    '/flagged': { supervisor: 200, township: 200, principal: 200, admin: 200 },
    '/schools/aaaaaaaaaaaaa': { supervisor: 404, township: 404, principal: 404, admin: 404 },
  };
  const found = {};
  const missing = {};
  for (const account of ACCOUNTS) {
    const page = await visitor(browser, demo.address, account);
    for (const path of Object.keys(expected)) {
      found[path] ??= {};
      found[path][account] = await status(page, at[path] ?? path);
      if (found[path][account] === 404) (missing[account] ??= []).push(await page.innerText('main'));
    }
    await page.context().close();
  }
  assert.deepEqual(found, expected);
  for (const texts of Object.values(missing)) assert.equal(new Set(texts).size, 1, 'nobody can tell which it is');
});

test('a principal publishes the week and corrects a day: the page shows it as an amendment', async () => {
  const page = await visitor(browser, demo.address, 'principal');
  await page.goto(at.school);
  await page.click('#publication button');
  assert.equal(new URL(page.url()).pathname, at.school);
  const before = await page.innerText('#publication');
  assert.match(before, /黄乙/, 'it says who published');
  await page.goto(at.staffDay);
  const form = page.locator('form[action$="/correct"]');
  await form.locator('button').last().click();
  assert.match(await page.innerText('form[action$="/correct"]'), /请|原因|没有/, 'an empty correction is answered at the field');
  await page.fill('form[action$="/correct"] input[type=time] >> nth=0', '07:58');
  await page.fill('form[action$="/correct"] input[name=reason]', '手机没电,<b>门卫</b>可以证明');
  await page.locator('form[action$="/correct"] button').last().click();
  assert.equal(new URL(page.url()).pathname, at.staffDay);
  assert.match(await page.innerText('main'), /<b>门卫<\/b>/, 'what is typed is text');
  await page.goto(at.school);
  const after = await page.innerText('#publication');
  assert.notEqual(after, before);
  assert.match(after, /更正/);
  await page.context().close();
});

test('sheet and notice print on one A4 page each; the notice says no kind of leave', async () => {
  const page = await visitor(browser, demo.address, 'principal');
  for (const what of ['sheet', 'notice']) {
    await page.goto(`${at.school}/${what}`);
    const pdf = await page.pdf({ format: 'A4', landscape: true, preferCSSPageSize: true });
    assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g).length, 1, what);
  }
  assert.doesNotMatch(await page.innerText('body'), /病假|事假|产假/);
  await page.context().close();
});

test('the week leaves as a table for WPS and Excel, and a stranger gets none', async () => {
  const page = await visitor(browser, demo.address, 'principal');
  const csv = await (await page.request.get(`${at.school}/export.csv?table=attendance`)).body();
  assert.deepEqual([...csv.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'UTF-8 says that it is');
  assert.match(csv.toString(), /黄乙/);
  const xlsx = await page.request.get(`${at.school}/export.xlsx`);
  assert.equal(xlsx.status(), 200);
  assert.match(xlsx.headers()['content-disposition'], /filename\*=UTF-8''/);
  await writeFile(join(OUT, 'week.xlsx'), await xlsx.body());
  assert.equal((await page.request.get(`${at.foreign}/export.xlsx`)).status(), 404);
  const api = await page.request.get(`/api/v1${at.school}`);
  assert.equal(api.status(), 200);
  const tag = api.headers()['etag'];
  assert.equal((await page.request.get(`/api/v1${at.school}`, { headers: { 'if-none-match': tag } })).status(), 304);
  assert.equal((await page.request.get('/api/openapi.json')).status(), 200);
  await page.context().close();
});

test('a principal invites a phone, and it enrols by the picture on the screen', async () => {
  const page = await visitor(browser, demo.address, 'principal');
  await page.goto(at.school);
  await page.click('a[href$="/people"]');
  const people = new URL(page.url()).pathname;
  for (const box of await page.locator('input[name=who]').all()) await box.uncheck();
  await page.locator('input[name=who]').nth(2).check();
  await page.click('main form[action$="/invite"] button');
  assert.equal(await page.locator('svg.qr').count(), 1);
  await page.screenshot({ path: join(OUT, 'cards-zh-1280.png'), fullPage: true });
  const picture = join(OUT, 'invitation.png');
  await page.locator('article.card').screenshot({ path: picture });
  const name = await page.innerText('article.card h2');
  // What a phone's camera would read of the screen.
  const { stdout: text } = await run('zbarimg', ['--quiet', '--raw', picture]);
  assert.match(text, /^SANJI1:/);
  const phone = JSON.parse(await newcomer(text));
  assert.deepEqual(phone.schools, ['可乐石桥幼儿园']);
  await assert.rejects(newcomer(text), /used|用过/, 'an invitation is used once');
  await page.goto(people);
  assert.match(await page.innerText(`tr:has(a:text-is("${name}"))`), /最近一次/);
  await page.context().close();
});

test('what a phone asks for after the week was published is decided on the page, and shows there as an amendment', async () => {
  const page = await visitor(browser, demo.address, 'principal');
  await page.goto(at.school);
  if (await page.locator('#publication form button').count()) await page.click('#publication form button');
  const before = await page.locator('#publication article.published').first().innerText();
  await page.click('a[href$="/people"]');
  for (const box of await page.locator('input[name=who]').all()) await box.uncheck();
  // The one who has no record on Tuesday.
  const box = page.locator('tr:has(a:text-is("林丙")) input[name=who]');
  await box.check();
  await page.click('main form[action$="/invite"] button');
  const picture = join(OUT, 'invitation-late.png');
  await page.locator('article.card').screenshot({ path: picture });
  const { stdout: text } = await run('zbarimg', ['--quiet', '--raw', picture]);
  assert.equal(JSON.parse(await newcomer(text, '2026-03-03')).unsent, 0);
  // The pages follow what arrives within a moment.
  for (let i = 0; i < 40; i++) {
    await page.goto('/queue');
    if ((await page.locator('input[name=pick]').count()) === 2) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const asked = await page.innerText('main');
  assert.match(asked, /病假/);
  assert.match(asked, /手机没电 <script>/, 'what is typed is text');
  for (const pick of await page.locator('input[name=pick]').all()) await pick.check();
  await page.click('button[value=approved]');
  assert.equal(await page.locator('input[name=pick]').count(), 0, 'nothing waits any more');
  await page.goto(at.school);
  const after = await page.locator('#publication article.published').first().innerText();
  assert.notEqual(after, before);
  assert.match(after, /林丙 3月3日/, 'the day that was asked for');
  assert.match(after, /林丙 3月4日/, 'the day of leave');
  assert.match(await page.innerText('table.week tr:has-text("林丙")'), /请假/);
  await page.context().close();
});

test('a page is used with the keyboard alone', async () => {
  const page = await visitor(browser, demo.address, null);
  await page.goto(at.school);
  // The name has the focus, which a browser gives once the page is drawn; Tab and Enter do the rest.
  await page.locator('input[name=name]:focus').waitFor();
  await page.keyboard.type('supervisor');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === at.school);
  const open = page.locator('td details[open]');
  for (let steps = 0; steps < 60 && (await open.count()) === 0; steps++) {
    await page.keyboard.press('Tab');
    if (await page.locator('td summary:focus').count()) await page.keyboard.press('Enter');
  }
  assert.equal(await open.count(), 1, 'a cell opens its reason');
  for (let steps = 0; steps < 20 && !(await page.locator('a[href^="/postings/"]:focus').count()); steps++) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname.startsWith('/postings/'));
  await page.context().close();
});

test('what was typed before a session ended is sent after signing in again', async () => {
  const page = await visitor(browser, demo.address, 'admin');
  await page.goto('/settings');
  await page.selectOption('select[name=publish_day]', 'friday');
  await page.context().clearCookies({ name: /sanji/ });
  await page.click('form.act-form button');
  assert.match(await page.innerText('main'), /刚才填写的内容还在/);
  await page.screenshot({ path: join(OUT, 'session-ended.png') });
  await page.fill('input[name=name]', 'admin');
  await page.fill('input[name=password]', PASSWORD);
  await page.click('form.sign-in button');
  assert.match(await page.innerText('main'), /还没有保存/);
  await page.screenshot({ path: join(OUT, 'session-kept.png') });
  await page.click('button:has-text("现在发送")');
  await page.waitForURL((url) => url.pathname === '/settings');
  assert.equal(await page.inputValue('select[name=publish_day]'), 'friday');
  await page.selectOption('select[name=publish_day]', '');
  await page.click('form.act-form button');
  assert.equal(await page.inputValue('select[name=publish_day]'), '');
  await page.context().close();
});

test('a sheet of twenty people prints on one page', async () => {
  const page = await visitor(browser, demo.address, 'principal', { tools: true });
  await page.goto(`${at.school}/sheet`);
  await page.evaluate(() => {
    const body = document.querySelector('table.sheet tbody');
    const rows = [...body.rows];
    for (let i = 0; body.rows.length < 20; i++) body.append(rows[i % rows.length].cloneNode(true));
  });
  const pdf = await page.pdf({ format: 'A4', landscape: true, preferCSSPageSize: true });
  assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g).length, 1);
  await page.context().close();
});

test('an administrator stops a device, and the page says so', async () => {
  const page = await visitor(browser, demo.address, 'admin');
  await page.goto('/devices');
  await page.click('a[href^="/devices/"] >> nth=0');
  await page.click('button:has-text("停用")');
  assert.match(await page.innerText('main'), /请先勾选/);
  await page.check('input[name=sure]');
  await page.click('button:has-text("停用")');
  assert.match(await page.innerText('main'), /不再接收/);
  await page.context().close();
});

test('an account is made, its owner sets the password by the link, and signs in', async () => {
  const page = await visitor(browser, demo.address, 'admin');
  await page.goto('/accounts');
  await page.fill('input[name=account]', 'inspector.one');
  await page.fill('input[name=display]', '督查员');
  await page.selectOption('select[name=role]', 'inspector');
  await page.click('button:has-text("新建并生成")');
  const link = (await page.innerText('p.code')).trim();
  await page.context().close();
  // Looking uses nothing up.
  for (const language of ['zh', 'en']) {
    for (const width of WIDTHS) {
      const looking = await visitor(browser, demo.address, null, { width, language });
      await looking.goto(`${link}?lang=${language}`);
      await looking.screenshot({ path: join(OUT, `welcome-${language}-${width}.png`), fullPage: true });
      await looking.context().close();
    }
  }
  const owner = await visitor(browser, demo.address, null);
  await owner.goto(link);
  await owner.fill('input[name=password]', 'a password of my own');
  await owner.fill('input[name=again]', 'a password of my own');
  await owner.click('main button');
  assert.equal(new URL(owner.url()).pathname, '/county');
  await owner.goto('/account');
  assert.match(await owner.innerText('main'), /督查员/);
  assert.equal(await status(owner, new URL(link).pathname), 404, 'the link is used up');
  await owner.context().close();
});

test('who is not signed in is asked to, and comes back', async () => {
  const page = await visitor(browser, demo.address, null);
  for (const path of ['/county', at.school, at.day, '/devices', '/flagged']) {
    await page.goto(path);
    assert.equal(new URL(page.url()).pathname, '/sign-in');
  }
  await signIn(page, 'supervisor', 'wrong');
  assert.match(await page.innerText('main'), /不对|不正确|有误/);
  assert.equal(await page.inputValue('input[name=name]'), 'supervisor', 'what was typed stays');
  await signIn(page, 'supervisor');
  assert.equal(new URL(page.url()).pathname, '/county');
  await page.click('header button, header a:has-text("退出")');
  await page.goto('/county');
  assert.equal(new URL(page.url()).pathname, '/sign-in');
  await page.context().close();
});

test('a session is kept from scripts and from other sites', async () => {
  const page = await visitor(browser, demo.address, 'supervisor');
  const session = (await page.context().cookies()).find((cookie) => cookie.httpOnly);
  assert.ok(session.secure);
  assert.match(session.sameSite, /Lax|Strict/);
  const answer = await page.request.post('/sign-out', { form: {}, maxRedirects: 0 });
  assert.ok(answer.status() >= 400, `a form without its mark is refused, not ${answer.status()}`);
  assert.equal(await status(page, '/county'), 200, 'and changes nothing');
  await page.context().close();
});

test('the demo is a week: its verdicts are on the pages', async () => {
  const page = await visitor(browser, demo.address, 'supervisor');
  const words = new Set();
  await page.goto('/county');
  const schools = await page.$$eval('a[href^="/schools/"]', (links) => links.map((link) => link.getAttribute('href')));
  for (const school of schools) {
    await page.goto(school);
    for (const word of ['在岗', '无记录', '迟到', '早退', '请假', '休', '缺签退', '未送']) {
      if ((await page.innerText('main')).includes(word)) words.add(word);
    }
  }
  for (const word of ['在岗', '无记录', '迟到', '请假', '休']) assert.ok(words.has(word), `${word}: ${[...words]}`);
  await page.context().close();
});
