/** A page that asks for nothing and runs nothing: to be attached to a pull request or a mail. */
import { createHash } from 'node:crypto';
import Handlebars from 'handlebars/runtime';
import frame from './inert-page.hbs';
import palette from './palette.css';

const handlebars = Handlebars.create();
const page = handlebars.template(frame);

/** Renders what stands in `<body>`, whose texts the template escapes, below its headline as the title; styled by these sheets. */
export function inertPage(template: Parameters<typeof handlebars.template>[0], ...sheets: string[]) {
  const body = handlebars.template(template);
  const styles = palette + sheets.join('');
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(styles).digest('base64')}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return (view: { headline: string } & Record<string, unknown>): string =>
    page({ policy, styles, headline: view.headline, body: body(view) });
}
