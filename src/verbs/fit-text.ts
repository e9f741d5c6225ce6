/** What fits as text: a table of 80 columns, and the same in Markdown. */
import type { Fit } from '../fit/place.ts';
import { markdownTable, markdownText } from '../reporters/markdown.ts';
import { painter, wrap } from '../reporters/terminal.ts';
import { oneLine } from '../reporters/text.ts';
import type { FitResult } from './fit.ts';
import type { Console } from './verb.ts';

const WIDTHS = [12, 11, 11, 11, 11, 11, 12];
const HEAD = ['quantisation', 'weights', 'KV cache', 'overhead', 'total', 'fits', 'context up to'];

/** GB are 10^9 bytes, as files are listed. */
const size = (bytes: number | null): string =>
  bytes === null ? 'not known' : bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
const WORDS: Record<Fit['outcome'], string> = { fits: '✓ fits', offload: '~ offload', no: '✗ no', unknown: 'not known' };
const COLOURS = { fits: 'green', offload: 'yellow', no: 'red', unknown: 'dim' } as const;

const cellsOf = (fit: Fit): string[] => [
  fit.quantization,
  size(fit.weights),
  size(fit.kv_cache),
  size(fit.overhead),
  fit.overhead === null && fit.total !== null ? `≥ ${size(fit.total)}` : size(fit.total),
  WORDS[fit.outcome],
  fit.largest_context === null ? '–' : fit.largest_context.toLocaleString('en-GB'),
];

function aboutModel({ shape }: FitResult): string {
  const { parameters, layers, kvHeads, keyLength, window, trainedContext } = shape;
  const parts = [
    parameters === null ? null : `${(parameters / 1e9).toPrecision(3)} billion weights`,
    `${layers} layers, ${kvHeads} key-value heads of ${keyLength}`,
    window === null ? null : `${window.layers} layers see ${window.tokens} tokens only`,
    trainedContext === null ? null : `trained for ${trainedContext.toLocaleString('en-GB')} tokens`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function aboutUse({ use, machine }: FitResult): string {
  const gib = (bytes: number) => `${Number((bytes / 2 ** 30).toFixed(1))} GiB`;
  const gpus = machine.gpus.map(({ name, bytes }) => `${oneLine(name, 40)} (${gib(bytes)})`);
  const where = [...gpus, ...(machine.ramBytes === null ? [] : [`RAM of ${gib(machine.ramBytes)}`])].join(' + ');
  const free = machine.gpus.length === 0 ? '' : `, ${gib(machine.reserveBytes)} left free on each GPU`;
  const { context, slots, kvType } = use;
  return `${context.toLocaleString('en-GB')} tokens × ${slots} ${slots === 1 ? 'slot' : 'slots'}, cache in ${kvType}, on ${where}${free}`;
}

export function fitText(results: readonly FitResult[], { hasColour }: Pick<Console, 'hasColour'>): string {
  const paint = painter(hasColour);
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[0]!) : cell.padStart(WIDTHS[i]!))).join('');
  const blocks = results.map((result) => {
    const rows = result.fits.map((fit) => line(cellsOf(fit)).replace(WORDS[fit.outcome], (word) => paint(word, COLOURS[fit.outcome])));
    const reasons = [...new Set(result.fits.filter(({ outcome }) => outcome !== 'fits').map((fit) => `${fit.quantization}: ${fit.why}`))];
    return [
      paint(oneLine(result.model, 78), 'bold'),
      ...[aboutModel(result), aboutUse(result)].flatMap((text) => wrap(text, 80)).map((text) => paint(text, 'dim')),
      paint(line(HEAD.with(6, 'context ≤')), 'dim'),
      ...rows,
      ...reasons.flatMap((text) => wrap(text, 80)).map((text) => paint(text, 'dim')),
      '',
    ].join('\n');
  });
  return `${blocks.join('\n')}`;
}

export function fitMarkdown(results: readonly FitResult[]): string {
  const blocks = results.map((result) => {
    const rows = result.fits.map((fit) => [...cellsOf(fit), fit.why].map((cell) => markdownText(cell, 200)));
    const about = [aboutModel(result), aboutUse(result)].map((text) => markdownText(text, 400));
    return [`### ${markdownText(result.model)}`, ...about, markdownTable([...HEAD, 'why'], rows, [1, 2, 3, 4, 6])].join('\n\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
