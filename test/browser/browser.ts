import path from 'node:path';
import { silentProgress } from '@doorbuster/stack';
import { chromium, type Page } from 'playwright-core';
import { findChrome } from './find-chrome.ts';

/** What a visitor has before them. */
export interface Visitor {
  /** CSS pixels; a laptop's if not said otherwise. */
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  /** Device pixels per CSS pixel. */
  scale?: number;
  /** Whether the page may move things; tests want it still. */
  motion?: boolean;
}

export interface Place {
  /** Where the pages are, such as `http://127.0.0.1:8080`. */
  origin: string;
  /** The folder that gets a picture of a page with which a visit failed. */
  picturesFolder: string;
}

export interface Browser {
  /** Opens a page for as long as `look` takes. @throws what `look` throws, and when the page complained */
  visit(place: string, visitor: Visitor, look: (page: Page) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

const waitLimitMs = 20_000;

/** Starts a browser without a window. */
export async function openBrowser({ origin, picturesFolder }: Place): Promise<Browser> {
  const chrome = await chromium.launch({
    executablePath: await findChrome({ progress: silentProgress }),
    // The sandbox wants a user who is not root.
    chromiumSandbox: process.getuid?.() !== 0,
    env: { ...process.env, FONTCONFIG_FILE: path.join(import.meta.dirname, 'fonts.conf') },
  });
  let visits = 0;
  return {
    async visit(
      place,
      { width = 1280, height = 900, colorScheme = 'light', scale = 1, motion = false },
      look,
    ) {
      const context = await chrome.newContext({
        baseURL: origin,
        viewport: { width, height },
        colorScheme,
        deviceScaleFactor: scale,
        reducedMotion: motion ? 'no-preference' : 'reduce',
        locale: 'en-GB',
        timezoneId: 'UTC',
      });
      context.setDefaultTimeout(waitLimitMs);
      const page = await context.newPage();
      const complaints = complaintsOf(page);
      const picture = path.join(picturesFolder, `visit-${process.pid}-${++visits}.png`);
      try {
        await page.goto(place);
        await look(page);
      } catch (error) {
        await page.screenshot({ path: picture, fullPage: true });
        throw new Error(`${error}\n${[...complaints, `See ${picture}`].join('\n')}`, { cause: error });
      } finally {
        await context.close();
      }
      if (complaints.length > 0) throw new Error(complaints.join('\n'));
    },
    close: () => chrome.close(),
  };
}

/** What goes wrong within a page. That something could not be loaded is what some visits are about. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`The page threw: ${error.stack ?? error}`));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !text.startsWith('Failed to load resource'))
      complaints.push(`The page complained: ${text}`);
  });
  return complaints;
}
