import { expect, test } from 'vitest';
import { makeProject, type ModelAnswers, run } from './test-project.ts';

const answers = (baseline: string[], ...others: string[]): ModelAnswers => ({
  old: { a: baseline },
  ...Object.fromEntries(others.map((text, i) => [`new-${i + 1}`, { a: [text] }])),
});
const plain = answers(['It is tall.', 'It is high.', 'It is big.'], 'It is tall.');

/** `line:column code-like words` of the places told, in order. */
async function placesOf(elements: string, given: ModelAnswers, head = 'prompt: How high is a tree?'): Promise<string[]> {
  const { out } = await run(makeProject(`  - name: a\n    ${head}\n    expected_elements:\n${elements}`, given), ['check', '--list']);
  const places: string[] = [];
  let kind = '';
  for (const line of out.split('\n')) {
    if (/^ {2}(warning|note) /.test(line)) kind = line.trim().split(/\s+/)[0]!;
    const place = /^ {4}suites\/small\.yaml:(\d+:\d+) {2}case "a": (.*)/.exec(line);
    if (place) places.push(`${kind} ${place[1]!} ${place[2]!}`);
  }
  return places;
}

test('an element that the prompt would earn is named with its line and column', async () => {
  const given = answers(['tall green tree', 'tall', 'tall'], 'green');
  expect(await placesOf('      - trees\n      - green\n', given)).toEqual(['warning 11:9 trees']);
});

test('an echo is read as an answer is read', async () => {
  const head = `prompt: 'Say how high as {"answer": "12 m"}.'\n    read: { json: answer }`;
  const given = answers(['{"answer": "12 m"}', '{"answer": "12 m"}', '{"answer": "3 m"}'], '{"answer": "3 m"}');
  expect(await placesOf('      - { equals: 12 m }\n', given, head)).toEqual(['warning 12:9 equals 12 m']);
  expect(await placesOf('      - { equals: 3 m }\n', given, head)).toEqual([]);
});

test.each([
  ['the same words', '      - carbon dioxide\n      - carbon-dioxides\n', 'warning 12:9 carbon-dioxides and carbon dioxide'],
  ['a word of a phrase', '      - carbon dioxide\n      - carbon\n', 'warning 12:9 carbon by carbon dioxide'],
  ['a list that shares a word', '      - [fees, costs]\n      - [costs, time]\n', 'warning 12:9 "costs" in fees | costs and costs | time'],
  ['two expected answers', '      - { equals: "4" }\n      - { equals: "5" }\n', 'warning 12:9 no answer equals 4 and equals 5'],
  ['a word that must not be there', '      - [fees]\n      - { not: fee }\n', 'warning 12:9 fees against not fee'],
  ['one pattern twice', "      - { matches: 'x+' }\n      - { matches: 'x+' }\n", 'warning 12:9 /x+/ stands there twice'],
])('elements of a case that meet each other: %s', async (_, elements, place) => {
  expect(await placesOf(elements, answers([], ''))).toEqual([place]);
});

test('elements that have nothing to do with each other, and a plain not, are fine', async () => {
  expect(
    await placesOf("      - [tall, high, big]\n      - { not: as an AI }\n      - { matches: 'zz|is' }\n", answers(['It is high.'])),
  ).toEqual([]);
});

test('an element that three samples and the candidate miss is a warning, one that a candidate meets a note', async () => {
  expect(await placesOf('      - hihg\n', plain)).toEqual(['warning 11:9 hihg']);
  expect(await placesOf('      - green\n', answers(['tall', 'high', 'big'], 'green'))).toEqual(['note 11:9 green']);
  expect(await placesOf('      - green\n', answers(['tall', 'high'], 'big'))).toEqual(['note 11:9 green']);
});

test('an element that every answer meets is a note, when three answers of two models say so', async () => {
  expect(await placesOf('      - [tall, it]\n', plain)).toEqual(['note 11:9 tall | it']);
  expect(await placesOf('      - { text: [tall, it], required: true }\n', plain)).toEqual([]);
  expect(await placesOf('      - tall\n', answers(['tall'], 'tall'))).toEqual([]);
});

test('answers that are cut, empty or missing say nothing of an element', async () => {
  expect(await placesOf('      - green\n', answers(['', '<think>green', ''], 'tall'))).toEqual([]);
  expect(await placesOf('      - green\n', answers([], 'tall'))).toEqual([]);
});

test('what must not be there and is in every sample is a warning', async () => {
  expect(await placesOf('      - { not: is }\n', plain)).toEqual(['warning 11:9 not is']);
  expect(await placesOf('      - { not: tall }\n', plain)).toEqual([]);
});

test('a case with the prompt of another is named, unless it asks with other parameters', async () => {
  const twice = (params: string) =>
    `  - { name: a, prompt: How high?, expected_elements: [tall] }\n  - { name: b, prompt: "How  high?", expected_elements: [big]${params} }\n`;
  const given = answers(['tall'], 'tall');
  expect((await run(makeProject(twice(''), given), ['check'])).out).toMatch(/small\.yaml:9:5 {2}case "b" asks what "a" asks/);
  expect((await run(makeProject(twice(', params: { seed: 2 }'), given), ['check'])).out).not.toContain('asks what');
});

test('warnings leave the code at 0, and --strict makes it 2; notes do not', async () => {
  const warned = makeProject('  - { name: a, prompt: How high is a tree?, expected_elements: [[tree, tall]] }\n', plain);
  expect(await run(warned, ['check'])).toMatchObject({ code: 0, err: '' });
  const strict = await run(warned, ['check', '--strict']);
  expect(strict.code).toBe(2);
  expect(strict.out).toContain('1 warning');
  const noted = makeProject('  - { name: a, prompt: How high is a tree?, expected_elements: [[tall, it]] }\n', plain);
  expect(await run(noted, ['check', '--strict'])).toMatchObject({ code: 0 });
});

const many = (n: number) =>
  Array.from({ length: n }, (_, i) => `  - { name: c${i}, prompt: "Number ${i}?", expected_elements: [x${i}y] }\n`).join('');

test('what a suite can tell before it is run: at the usual spread where similarity counts', async () => {
  const { out } = await run(makeProject(many(50), { old: {}, new: {} }), ['check']);
  expect(out).toContain('at the usual spread (0.25) PASS needs a parity of about 0.92; of 0.94 for 4 times in 5');
});

test('what a suite can tell: at the spread of recorded answers where coverage alone counts', async () => {
  const right = (isRight: (i: number) => boolean) =>
    Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`c${i}`, [isRight(i) ? `x${i}y` : 'none']]));
  const project = makeProject(many(40), { old: right(() => true), new: right((i) => i % 4 > 0) }, 1, '{ coverage: 1 }');
  const { out } = await run(project, ['check']);
  // 10 of 40 wrong: √(0.25 · 0.75 · 40/39)
  expect(out).toContain('at the spread of new (0.44) PASS needs');
  expect((await run(makeProject(many(5), { old: {}, new: {} }), ['check'])).out).toContain('TOO SMALL');
});

test('where each case is right or wrong, luck is told of few cases, and not of enough or of graded ones', async () => {
  const of = async (n: number, weights?: string) => (await run(makeProject(many(n), { old: {}, new: {} }, 1, weights), ['check'])).out;
  expect(await of(10, '{ coverage: 1 }')).toMatch(/luck .* gets all 10 right 20 times in 100;\n.*with 19 cases/);
  expect(await of(19, '{ coverage: 1 }')).not.toContain('luck');
  expect(await of(10)).not.toContain('luck');
});
