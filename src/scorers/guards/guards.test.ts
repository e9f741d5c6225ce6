import { describe, expect, test } from 'vitest';
import { otherLanguage } from './function-words.ts';
import { isRefusal } from './refusal.ts';

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

describe.each(Object.entries(prose))('prose in %s', (language, text) => {
  test('is not taken for another language', () => {
    expect(otherLanguage(text, language)).toBeNull();
  });
  test('is not taken for English, nor English for it', () => {
    if (language === 'en') return expect(otherLanguage(text, 'de')).toBe('en');
    expect(otherLanguage(text, 'en')).toBe(language);
    expect(otherLanguage(prose['en'] ?? '', language)).toBe('en');
  });
});

test('twenty words are the least that is judged, and unknown languages are not', () => {
  expect(otherLanguage('El modelo es capaz de responder a la pregunta.', 'en')).toBeNull();
  expect(otherLanguage(prose['es'] ?? '', 'eu')).toBeNull();
  expect(otherLanguage('alpha beta gamma '.repeat(20), 'en')).toBeNull();
});
