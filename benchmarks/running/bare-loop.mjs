/**
 * The floor that onpar is held against: the same questions to the same two models with the openai client, as anybody would
 * write it down. Keeps no answer, judges nothing, writes no report.
 *   node bare-loop.mjs BASE_URL CASES.jsonl IN_FLIGHT
 */
import { createReadStream } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { OpenAI } from 'openai';

const [baseURL, file, inFlight] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });

async function* questions() {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const messages = [{ role: 'user', content: JSON.parse(line).prompt }];
    for (const model of ['baseline', 'candidate']) yield { model, messages };
  }
}

const all = questions();
let characters = 0;
async function work() {
  for await (const question of { [Symbol.asyncIterator]: () => ({ next: () => all.next() }) }) {
    const answer = await client.chat.completions.create(question);
    characters += answer.choices[0].message.content.length;
  }
}
await Promise.all(Array.from({ length: Number(inFlight) }, work));
process.stdout.write(`${characters} characters\n`);
