/** Hostile answers in report.html: nothing runs, nothing breaks, as text, as Markdown and with differences. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseResult } from '../../../record.ts';
import { exampleRun, hostileTexts, type ExampleRun } from '../../example-run.ts';
import { goTo, isThere, startChromium } from './chromium.ts';
import { NO_FILTERS, writeHash, type View } from './state.ts';

/** Beside the texts that any report must hold: what only a page that renders could fall for. */
const MARKDOWN: Record<string, string> = {
  'links of every kind':
    '[a](javascript:window.hacked=1) [b](JaVaScRiPt:window.hacked=1) [c](data:text/html,<script>window.hacked=1</script>) <javascript:window.hacked=1> [d]: javascript:x\n[d] [e](//x.invalid) [f](https://x.invalid/" onclick="window.hacked=1) [g](file:///etc/passwd) [h](vbscript:x)',
  pictures:
    '![alt](https://x.invalid/a.png "t") ![b](x" onerror="window.hacked=1) <img src=x onerror=window.hacked=1>\n\n![c][ref]\n\n[ref]: https://x.invalid/c.png',
  'raw HTML':
    '<div onclick="window.hacked=1">\n\n**x**\n\n</div><iframe srcdoc="<script>parent.hacked=1</script>"></iframe><style>*{display:none}</style><svg><animate onbegin=window.hacked=1></svg><math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src onerror=window.hacked=1&gt;">',
  'code fences':
    '```js" onmouseover="window.hacked=1\n</code></pre><script>window.hacked=1</script>\n```\n\n`<script>window.hacked=1</script>`',
  'deep quotes': `${'> '.repeat(4_000)}x`,
  'deep lists': Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth * 2)}- a`).join('\n'),
  'many stars': '_a_'.repeat(7_000),
  brackets: '['.repeat(20_000) + ']('.repeat(10_000),
  'a wide table': `|${'a|'.repeat(200)}\n|${'-|'.repeat(200)}\n|${'<b>x</b>|'.repeat(200)}`,
  'marks of our own': '\uE000bold\uE001 \uE001\uE000 **\uE000x**',
  'five million characters': 'y'.repeat(5_000_000),
};

/** Every text of every case is hostile, each case with another one. */
function hostileRun(): ExampleRun {
  const { record, results } = exampleRun();
  const texts = [...Object.values(hostileTexts), ...Object.values(MARKDOWN)];
  const some = texts.flatMap((text, index): CaseResult[] => {
    const result = results[index];
    if (result === undefined) return [];
    const answers = (of: typeof result.answers.baseline, more: string) =>
      of.map((answer) => ({
        ...answer,
        answer: text + more,
        reasoning: text,
        source: text.slice(0, 5_000),
        reported_model: text.slice(0, 5_000),
      }));
    const label = text.slice(0, 5_000);
    const spans = {
      baseline: [],
      candidate: [
        [0, 4],
        [2, 40],
        [100, 104],
      ] as [number, number][],
    };
    return [
      {
        ...result,
        case: `${index} ${text.slice(0, 400)}`,
        tags: [text.slice(0, 400)],
        why: label,
        verdict: 'NEEDS_WORK',
        elements: result.elements.map((element) => ({ ...element, label, why: label, spans })),
        messages: [{ role: 'user', content: text }],
        answers: { baseline: answers(result.answers.baseline, ' more'), candidate: answers(result.answers.candidate, '') },
        review: { decision: 'accept', by: label, reason: label, note: label, at: label.slice(0, 10) },
        quarantine: { until: label, why: label },
      },
    ];
  });
  const hostile = Object.values(hostileTexts).slice(0, 18).join(' ');
  const sign_offs = [{ suite: hostile, candidate: hostile, decision: 'approve' as const, by: hostile, reason: hostile, at: hostile }];
  const verdicts = record.verdicts.map((verdict) => ({
    ...verdict,
    suite: hostile,
    candidate: hostile,
    why: hostile,
    capability: hostile,
  }));
  const review = { by: [hostile], accepted: 1, rejected: 1, expired: 1, sign_offs };
  return { record: { ...record, verdicts, review, run: hostile, warnings: [hostile], command: [hostile] }, results: some };
}

describe.skipIf(!isThere)('hostile texts in report.html', () => {
  let chromium: Awaited<ReturnType<typeof startChromium>>;
  beforeAll(async () => (chromium = await startChromium({ hostile: hostileRun() })));
  afterAll(() => chromium.close());
  const count = Object.keys(hostileTexts).length + Object.keys(MARKDOWN).length;

  test.each([1280, 390])('do nothing at %i px, in the list, in the review and in every view of every case', async (width) => {
    const page = await chromium.open('hostile', { width });
    const keys = hostileRun().results.map(({ suite, candidate, case: name }) => ({ suite, candidate, case: name }));
    expect(keys).toHaveLength(count);
    expect(await page.locator('#list table').getAttribute('aria-rowcount')).toBe(String(count + 1));
    const views: View[] = ['text', 'markdown', 'diff'];
    const cases = keys.flatMap((key) => views.map((view) => writeHash({ filters: NO_FILTERS, page: { kind: 'case', key, view } })));
    for (const hash of ['#/', '#/review', ...cases]) {
      await goTo(page, hash);
      const found = await page.evaluate(() => ({
        hacked: 'hacked' in globalThis,
        foreign: document.querySelectorAll(
          'main :is(img, iframe, script, style, base, math, object, embed, form[action], [onclick], [onerror])',
        ).length,
        links: [...document.querySelectorAll('main a')].filter((link) => !/^(#|https?:)/.test(link.getAttribute('href') ?? '')).length,
        wide: document.documentElement.scrollWidth > innerWidth,
      }));
      expect([hash.slice(0, 60), found]).toEqual([hash.slice(0, 60), { hacked: false, foreign: 0, links: 0, wide: false }]);
    }
    expect(chromium.troubles).toEqual([]);
    await page.context().close();
  });

  test('links of an answer show their address and lead nowhere but to the web, pictures are their text', async () => {
    const page = await chromium.open('hostile', { hash: '#/?sort=order' });
    const place = Object.keys(hostileTexts).length;
    const open = async (at: number) => {
      const { suite, candidate, case: name } = hostileRun().results[at] ?? { suite: '', candidate: '', case: '' };
      await goTo(page, writeHash({ filters: NO_FILTERS, page: { kind: 'case', key: { suite, candidate, case: name }, view: 'markdown' } }));
      return page.locator('.answer.candidate > .markdown');
    };
    const links = await open(place);
    for (const link of await links.locator('a').all()) {
      expect(await link.getAttribute('href')).toMatch(/^https?:/);
      expect(await link.getAttribute('rel')).toContain('noreferrer');
    }
    expect(await links.textContent()).toContain('a (javascript:window.hacked=1)');
    expect(await (await open(place + 1)).textContent()).toContain('picture: alt');
    await page.context().close();
  });

  test('characters that act unseen are shown by their number', async () => {
    const page = await chromium.open('hostile', { hash: '#/?sort=order' });
    await page.getByRole('link', { name: /^7 / }).click();
    for (const view of ['t', 'm']) {
      await page.keyboard.press(view);
      await page.waitForSelector(view === 't' ? '.answer.candidate > .text' : '.answer.candidate > .markdown');
      expect(await page.locator('.answer.candidate').textContent()).toContain('userU+202Egnp.exe');
    }
    await page.context().close();
  });
});
