/** What the benchmark does inside a report; loaded before the page's own script. */
/* global document, location, MutationObserver, Event, performance, requestAnimationFrame, setTimeout, scrollTo */

const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
const until = async (isSo) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 4));
};

globalThis.bench = {
  usable: null,

  watch(row) {
    new MutationObserver((_, observer) => {
      if (document.querySelector(row) === null) return;
      requestAnimationFrame(() => (globalThis.bench.usable = performance.now()));
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
  },

  seen() {
    const firstPaint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null;
    return { usable: globalThis.bench.usable, firstPaint, elements: document.querySelectorAll('*').length };
  },

  async use(term) {
    const field = document.querySelector('input[name=q]');
    const box = document.querySelector('input[name=in]');
    const type = (text) => {
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    };
    const hits = () => Number(document.querySelector('table[aria-rowcount]').getAttribute('aria-rowcount')) - 1;
    await frame();
    let start = performance.now();
    type(term);
    await frame();
    const [filter, filterHits] = [performance.now() - start, hits()];
    type('');
    await frame();
    scrollTo(0, document.documentElement.scrollHeight / 2);
    await frame();
    await frame();
    const links = document.querySelectorAll('#rows a');
    const address = links[Math.floor(links.length / 2)].getAttribute('href');
    start = performance.now();
    location.hash = address;
    await until(() => document.querySelector('#case:not([hidden]) .answers') !== null);
    const open = performance.now() - start;
    location.hash = '#/';
    await until(() => document.querySelector('#list:not([hidden])') !== null);
    box.checked = true;
    start = performance.now();
    type(term);
    await until(() => document.querySelector('#searching span').textContent.startsWith('Searched everything'));
    return { filter, filterHits, open, fullText: performance.now() - start, fullTextHits: hits() };
  },
};
