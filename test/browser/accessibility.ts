import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const grave = new Set(['serious', 'critical']);

/** What keeps people from using a page, a sentence each, as axe finds it. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run({ resultTypes: ["violations"] })');
  return violations
    .filter(({ impact }) => grave.has(impact ?? ''))
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, any }) => [id, help, target, any[0]?.message].join(': ')),
    );
}

/** By how many CSS pixels a page is wider than its window: anybody would have to scroll sideways. */
export const overhang = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
