// Axe, as these tests ask it. The page has no frames: without the page that axe opens to look into them, each look is a second shorter.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

export interface Look {
  /** Selectors of the parts to look at; the whole page without. */
  parts?: readonly string[];
  /** Contrast alone: all of axe's rules that another theme can change. */
  contrastOnly?: boolean;
}

/** Findings, one line each with the elements they stand at. */
async function findings(
  page: Page,
  { parts = [], contrastOnly = false }: Look,
  impacts?: readonly string[],
): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  for (const part of parts) axe.include(part);
  if (contrastOnly) axe.withRules(['color-contrast']);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impacts === undefined || impacts.includes(impact ?? ''))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
}

export const allFindings = (page: Page, look: Look = {}): Promise<string[]> => findings(page, look);

export const seriousFindings = (page: Page, look: Look = {}): Promise<string[]> =>
  findings(page, look, ['serious', 'critical']);
