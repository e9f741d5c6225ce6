import { describe, expect, test } from 'vitest';
import type { Answer, Case } from '../../record.ts';
import { shareFrom } from './echo.ts';
import { wordsOf } from './guard.ts';
import { openGuards } from './index.ts';
import { compressionRatio } from './repetition.ts';
import { isRefusal } from './refusal.ts';

const at = { file: 's', line: 1, column: 1 };

function answer(text: string, more: Partial<Answer> = {}): Answer {
  const none = {
    why: null,
    reasoning: null,
    finish_reason: null,
    usage: null,
    timings: null,
    reported_model: null,
    source: null,
    licence: null,
    call: null,
  };
  return { model: 'm', case: 'c', sample: 0, state: 'ok', answer: text, origin: 'file', ...none, ...more };
}

/** The kinds of failures of one answer, in a suite of this one case. */
async function kindsOf(
  candidate: string | Answer,
  { prompt = 'Say something.', samples = ['Here is how it is done.'], language = null as string | null, own = null as number | null } = {},
): Promise<string[]> {
  const none = { elements: [], read: null, weights: {}, params: {}, tags: [], critical: false };
  const one: Case = { ...none, name: 'c', messages: [{ role: 'user', content: prompt }], language, at };
  const scoring = {
    case: one,
    samples: samples.map((text) => answer(text)),
    candidate: typeof candidate === 'string' ? answer(candidate) : candidate,
    candidate_is_sample: own,
  };
  return (await openGuards([scoring]))(scoring).map(({ kind }) => kind);
}

test.each([
  "I'm sorry, but I can't help with that.",
  'I’m sorry, I can’t assist with that request.',
  'I cannot provide instructions for that.',
  'I can’t comply.',
  "I'm afraid I cannot discuss this topic.",
  'As an AI language model, I am unable to provide such content.',
  'Unfortunately, I am not able to help with this.',
  '**I cannot help with that.**',
  'Lo siento, pero no puedo ayudarte con eso.',
  'Desculpe, mas não posso ajudar com isso.',
  'Извините, но я не могу помочь с этим.',
  '抱歉，我无法回答这个问题。',
  '申し訳ありませんが、その質問にはお答えできません。',
  '죄송하지만 도와드릴 수 없습니다.',
])('%j is a refusal', (text) => {
  expect(isRefusal(text)).toBe(true);
});

test.each([
  "I'm sorry, but I cannot offer refunds after 30 days.",
  'I cannot support this hypothesis: the data say otherwise.',
  'I can help with that.',
  'Unfortunately, the series diverges.',
  'Sorry for the confusion; the answer is 5.',
  'I won the prize.',
  'Es tut mir leid, das zu hören.',
  '',
])('%j is not a refusal', (text) => {
  expect(isRefusal(text)).toBe(false);
});

const prose: Record<string, string> = {
  en: 'The model is able to answer the question, but it is not clear that this is the best way to do it, and you can see from the results that more data are needed.',
  de: 'Das Modell kann die Frage beantworten, aber es ist nicht klar, ob das der beste Weg ist, und aus den Ergebnissen sieht man, dass mehr Daten für eine Aussage nötig sind.',
  fr: "Le modèle est capable de répondre à la question, mais il n'est pas certain que ce soit la meilleure façon de le faire, et les résultats montrent que plus de données sont nécessaires.",
  es: 'El modelo es capaz de responder a la pregunta, pero no está claro que esta sea la mejor forma de hacerlo, y los resultados muestran que se necesitan más datos para ello.',
  it: 'Il modello è in grado di rispondere alla domanda, ma non è chiaro che questo sia il modo migliore di farlo, e i risultati mostrano che sono necessari più dati per una conclusione.',
  pt: 'O modelo é capaz de responder à pergunta, mas não está claro que esta seja a melhor forma de o fazer, e os resultados mostram que são necessários mais dados para uma conclusão.',
  nl: 'Het model kan de vraag beantwoorden, maar het is niet duidelijk dat dit de beste manier is om het te doen, en uit de resultaten blijkt dat er meer gegevens nodig zijn.',
  pl: 'Model może odpowiedzieć na to pytanie, ale nie jest jasne, że to jest najlepszy sposób, a z wyników widać, że do tego są potrzebne dane, które nie są dostępne od razu.',
  ru: 'Модель может ответить на этот вопрос, но не ясно, что это лучший способ, и из результатов видно, что для вывода не хватает данных, которые можно получить от других.',
};

describe('a refusal where the baseline does not refuse', () => {
  const refusal = "I'm sorry, but I can't help with that.";
  test('fails', async () => {
    expect(await kindsOf(refusal)).toEqual(['refusal']);
  });
  test('does not fail where the baseline refuses, too, in words or by the server', async () => {
    expect(await kindsOf(refusal, { samples: [refusal] })).toEqual([]);
  });
  test('is none when the answer goes on at length', () => {
    expect(isRefusal(`${refusal} ${'But here is how it is done, step by step. '.repeat(16)}`)).toBe(false);
  });
  test('counts in the A/A control, where the sample that plays the candidate does not excuse itself', async () => {
    expect(await kindsOf(refusal, { samples: ['Here is how.', refusal], own: 1 })).toEqual(['refusal']);
  });
});

describe.each(Object.entries(prose))('prose in %s', (language, text) => {
  test('is in order where it is declared', async () => {
    expect(await kindsOf(text, { language })).toEqual([]);
  });
  test('is not where another language is declared', async () => {
    const other = language === 'en' ? 'de' : 'en';
    expect(await kindsOf(text, { language: other })).toEqual(['wrong_language']);
    expect(await kindsOf(prose[other] ?? '', { language })).toEqual(['wrong_language']);
  });
  test("is held against the prompt's and the baseline's language where none is declared", async () => {
    const other = prose[language === 'en' ? 'de' : 'en'] ?? '';
    expect(await kindsOf(text, { prompt: other, samples: [other] })).toEqual(['wrong_language']);
    expect(await kindsOf(text, { prompt: text, samples: [text] })).toEqual([]);
    // a translation: the prompt and the baseline differ; what is left untranslated is an echo
    expect(await kindsOf(text, { prompt: other, samples: [text] })).toEqual([]);
    expect(await kindsOf(other, { prompt: other, samples: [text] })).toEqual(['echo']);
  });
});

describe('a language is not judged', () => {
  const german = prose['de'] ?? '';
  test('in short answers, code and formulas', async () => {
    expect(await kindsOf('Das geht so.', { language: 'en' })).toEqual([]);
    const code = '```python\nfor ein_langer_name in der_andere_name: print(ein_langer_name, noch_ein_langer_name)\n```';
    expect(await kindsOf(code, { language: 'ru' })).toEqual([]);
  });
  test('where the baseline gives no answer long enough, or the declared language is unknown', async () => {
    expect(await kindsOf(german, { prompt: prose['en'] ?? '', samples: ['Yes.'] })).toEqual([]);
    expect(await kindsOf(german, { language: 'eo' })).toEqual([]);
  });
  test('between varieties that letters do not tell apart', async () => {
    const serbian = 'Модел може да одговори на ово питање, али није јасно да ли је то најбољи начин, па су потребни додатни подаци.';
    const croatian = 'Model može odgovoriti na ovo pitanje, ali nije jasno je li to najbolji način, pa su potrebni dodatni podaci.';
    for (const language of ['sr', 'hr', 'bs']) {
      expect(await kindsOf(serbian, { language })).toEqual([]);
      expect(await kindsOf(croatian, { language })).toEqual([]);
    }
  });
});

test('Japanese and Chinese are told apart', async () => {
  const chinese = '这个模型可以回答这个问题，但是不清楚这是不是最好的方法，而且从结果来看还需要更多的数据才能得出结论。';
  const japanese =
    'このモデルは質問に答えることができますが、それが最善の方法かどうかは明らかではなく、結論を出すにはさらに多くのデータが必要です。';
  expect(await kindsOf(chinese, { language: 'ja' })).toEqual(['wrong_language']);
  expect(await kindsOf(chinese, { language: 'zh-CN' })).toEqual([]);
  expect(await kindsOf(japanese, { language: 'ja' })).toEqual([]);
  expect(await kindsOf(japanese, { language: 'zh' })).toEqual(['wrong_language']);
});

describe('an echo of the prompt', () => {
  const prompt = 'Which English king sealed Magna Carta, in which year and where did he do it?';
  test('fails, whatever its case and punctuation', async () => {
    expect(await kindsOf('WHICH ENGLISH KING sealed Magna Carta; in which year, and where did he do it', { prompt })).toEqual(['echo']);
  });
  test('is none when the answer restates the question and answers it', async () => {
    expect(await kindsOf('The English king who sealed Magna Carta was John; he did it in the year 1215 at Runnymede.', { prompt })).toEqual(
      [],
    );
  });
  test('is none where the baseline repeats the prompt as well, as a proof-reader does', async () => {
    const text = 'The contract ends on the last day of May unless one of the parties extends it before that day.';
    expect(await kindsOf(text, { prompt: `Correct this: ${text}`, samples: [text] })).toEqual([]);
  });
  test('is none when a passage of a long prompt is quoted', async () => {
    const passage = 'the parcel counts as lost ten working days after the last scan';
    const long = `Read this and say when a parcel is lost. ${'Parcels are carried by road and rail in all countries of the union. '.repeat(3)}${passage}.`;
    expect(await kindsOf(passage, { prompt: long, samples: ['After ten working days without any new scan.'] })).toEqual([]);
  });
  test('is none in a few words', async () => {
    expect(await kindsOf('tea or coffee', { prompt: 'Do you want tea or coffee?' })).toEqual([]);
  });
  test('is measured in runs of five words', () => {
    expect(shareFrom(wordsOf('a b c d e f'), wordsOf('a b c d e x'))).toBeCloseTo(5 / 6);
    expect(shareFrom(wordsOf('a b c d'), wordsOf('a b c d'))).toBe(0);
    expect(shareFrom(wordsOf('a b c d e f g'), wordsOf('0 a b c d e f g'))).toBe(1);
  });
});

describe('a loop', () => {
  const loop = `We start from the equation. ${'We can use this to find the value of x. '.repeat(40)}`;
  test('fails', async () => {
    expect(await kindsOf(loop)).toEqual(['repetition']);
  });
  test('is none where the baseline repeats itself as much, as in the lyrics of a round', async () => {
    expect(await kindsOf(loop, { samples: [loop.replaceAll('value', 'root')] })).toEqual([]);
  });
  test('is not what prose, tables and code are', async () => {
    const table = Array.from({ length: 12 }, (_, i) => `| ${i} | ${i * i} | ${i ** 3} |`).join('\n');
    expect(await kindsOf(table)).toEqual([]);
    expect(await kindsOf(prose['en'] ?? '')).toEqual([]);
    expect(compressionRatio(prose['en'] ?? '')).toBeLessThan(2);
  });
});

describe('a bare list of terms', () => {
  const list = 'router, cable, restart, reboot, power cycle, outage, status page, socket, plug, wire';
  const sentences = 'First restart the router. Then check that the cable is plugged in firmly at both of its ends.';
  test('fails where the baseline writes sentences', async () => {
    expect(await kindsOf(list, { samples: [sentences] })).toEqual(['keyword_list']);
  });
  test('is in order where the baseline lists as much', async () => {
    expect(await kindsOf(list, { samples: ['Bring these: a router, a cable, a plug, a socket, a wire and a status page.'] })).toEqual([]);
  });
  test('is none when it is short, in lines, or in a script without spaces', async () => {
    expect(await kindsOf('John, 1215, Runnymede.', { samples: [sentences] })).toEqual([]);
    expect(await kindsOf(list.replaceAll(', ', '\n- '), { samples: [sentences] })).toEqual([]);
    const chinese = '首先，重启，路由器，然后，检查，电缆，两端，是否，插好。';
    expect(await kindsOf(chinese, { samples: [sentences], language: 'zh' })).toEqual([]);
  });
});

test('an answer that is not there has no other failure', async () => {
  expect(await kindsOf(answer('', { state: 'empty' }), { language: 'en' })).toEqual([]);
});
