/**
 * Several suites, one question: of twenty suites at their target one passes by luck. Holm's step-down keeps the chance of even one such PASS
 * in a run at the level of a single suite, whatever the suites have to do with each other (S. Holm 1979, Scand. J. Statist. 6:65).
 */

/**
 * Adjusted p values, same order, 0..1: a suite still passes at the level 0.05 where its adjusted one is at most 0.05.
 * With p(1) <= … <= p(m): max over j <= i of min(1, (m − j + 1) · p(j)). A p that is not known (null) counts as one more
 * question that was asked, and stays null.
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const order = [...pValues.keys()].sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
  const adjusted: (number | null)[] = pValues.map(() => null);
  let reached = 0;
  order.forEach((i, place) => {
    const p = pValues[i] ?? null;
    reached = Math.max(reached, Math.min(1, (order.length - place) * (p ?? 1)));
    if (p !== null) adjusted[i] = reached;
  });
  return adjusted;
}
