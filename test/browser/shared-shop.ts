import { shop } from '../support/servers.ts';
import { type Browser, openBrowser } from './browser.ts';
import * as pages from './pages.ts';

/** A browser before the shop that these tests share. */
export const openShopBrowser = (): Promise<Browser> =>
  openBrowser({ origin: shop().gateway, picturesFolder: shop().runDir });

/** Its control room, for the operator. */
export const controlRoom = (): string => pages.controlRoom(shop().operatorToken);
