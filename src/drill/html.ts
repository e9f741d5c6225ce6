/** A summary as one page: no script, nothing loaded from elsewhere. */
import { cells, HEAD, sentences } from './report.ts';
import type { DrillSummary } from './summary.ts';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;border-bottom:1px solid #ccc;text-align:left}
td:nth-child(n+3),th:nth-child(n+3){text-align:right;font-variant-numeric:tabular-nums}.bad{color:#a40000;font-weight:600}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}th,td{border-color:#444}.bad{color:#ff8a8a}}`;

export function html(drill: DrillSummary): string {
  const phases = drill.phases.filter(({ skipped }) => skipped === null);
  const row = (phase: (typeof phases)[number]) => {
    const [name = '', ...rest] = cells(phase);
    const mark = phase.failed.length > 0 ? ' class="bad"' : '';
    return `<tr${mark}><th scope="row">${escaped(name)}</th>${rest.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
  };
  const title = escaped(`Drill ${drill.drill}: ${drill.model}`);
  const verdict =
    drill.failed.length === 0
      ? '<p>Everything that was expected held.</p>'
      : `<p class="bad">Something did not hold:</p><ul>${drill.failed.map((why) => `<li>${escaped(why)}</li>`).join('')}</ul>`;
  const head = HEAD.map((name) => `<th scope="col">${name}</th>`).join('');
  const by = escaped(`${drill.candidate} first, ${drill.fallback} as its fallback. ${drill.started_at}, onpar ${drill.onpar}.`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body><main><h1>${title}</h1><p>${by}</p>${verdict}
<table><caption>What became of the requests, phase by phase</caption><thead><tr>${head}</tr></thead><tbody>${phases.map(row).join('\n')}</tbody></table>
<ul>${sentences(drill)
    .map((sentence) => `<li>${escaped(sentence)}</li>`)
    .join('\n')}</ul>
</main></body></html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
