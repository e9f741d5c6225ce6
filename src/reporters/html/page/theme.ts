import { byId } from './dom.ts';

const KEY = 'onpar-theme';
/** A page opened from disk may have no storage. */
function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** The button says what it would change to; until it is pressed, the system decides. */
export function startTheme(): void {
  const button = byId('theme', HTMLButtonElement);
  const system = matchMedia('(prefers-color-scheme: dark)');
  const show = (theme: string | null) => {
    if (theme === 'dark' || theme === 'light') document.documentElement.dataset['theme'] = theme;
    const isDark = theme === 'dark' || (theme !== 'light' && system.matches);
    button.textContent = isDark ? 'Light' : 'Dark';
    button.setAttribute('aria-label', isDark ? 'Switch to light colours' : 'Switch to dark colours');
    return isDark;
  };
  let isDark = show(stored());
  button.hidden = false;
  system.addEventListener('change', () => (isDark = show(document.documentElement.dataset['theme'] ?? null)));
  button.addEventListener('click', () => {
    const theme = isDark ? 'light' : 'dark';
    isDark = show(theme);
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // remembered for this visit only
    }
  });
}
