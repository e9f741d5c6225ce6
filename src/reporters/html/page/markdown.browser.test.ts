/** What Markdown becomes, and that no mark is lost on the way. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withResult } from '../../example-run.ts';
import { isThere, startChromium } from './chromium.ts';

const ANSWER = `# Plan

**Scalability** comes *first*, then [storage costs](https://x.invalid/tokens).

1. One \`UX\`
2. Two

| a | b |
|:--|--:|
| tokenomics | 2 |

\`\`\`js
const storage = 1;
\`\`\`
`;
const WORDS = ['Plan', 'Scalability', 'storage', 'costs', 'tokens', 'UX', 'tokenomics', 'const storage'];

function markedRun() {
  return withResult((result) => {
    const candidate = result.answers.candidate.map((answer) => ({ ...answer, answer: ANSWER }));
    const [element] = result.elements;
    const elements = WORDS.flatMap((label) => {
      const at = ANSWER.indexOf(label);
      return element === undefined
        ? []
        : [{ ...element, label, spans: { baseline: [], candidate: [[at, at + label.length]] as [number, number][] } }];
    });
    return { ...result, elements, answers: { ...result.answers, candidate } };
  });
}

describe.skipIf(!isThere)('Markdown in report.html', () => {
  let chromium: Awaited<ReturnType<typeof startChromium>>;
  beforeAll(async () => (chromium = await startChromium({ marked: markedRun() })));
  afterAll(() => chromium.close());

  test('becomes elements, keeps every mark of shown text with its label, and the text keeps all', async () => {
    const page = await chromium.open('marked', { hash: '#/case/arithmetic/qwen2.5-72b/algebra-01?view=markdown' });
    const box = page.locator('.answer.candidate > .markdown');
    const marks = await box.locator('mark').evaluateAll((all) => all.map((mark) => [mark.textContent, mark.getAttribute('title')]));
    // an address is shown, but not marked
    expect(marks).toEqual(WORDS.filter((word) => word !== 'tokens').map((word) => [word, word]));
    expect(await box.locator('strong').textContent()).toBe('Scalability');
    expect(await box.locator('ol > li').count()).toBe(2);
    expect(await box.locator('table td.right').textContent()).toBe('2');
    expect(await box.locator('pre code').textContent()).toBe('const storage = 1;');
    expect(await box.locator('a').getAttribute('href')).toBe('https://x.invalid/tokens');
    await page.keyboard.press('t');
    const text = page.locator('.answer.candidate > .text');
    await text.waitFor();
    expect(await text.textContent()).toBe(ANSWER);
    expect(await text.locator('mark').allTextContents()).toEqual(WORDS.map((word) => word));
    await page.context().close();
  });
});
