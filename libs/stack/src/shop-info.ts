import { open, rename } from 'node:fs/promises';
import type { Shop, ShopInfo } from './shop.ts';

/** The control room's address for a person who may press its buttons: what follows the # never leaves the browser. */
export const controlRoomOf = ({ gateway, operatorToken }: Pick<ShopInfo, 'gateway' | 'operatorToken'>) =>
  `${gateway}/control#token=${operatorToken}`;

/**
 * Writes the shop's addresses to a file for programs that come later, and again whenever a process changes, for
 * the pids in it would soon be wrong. Resolves when the file is there.
 */
export async function keepShopInfo(shop: Shop, file: string): Promise<void> {
  await write(shop, file);
  let written = Promise.resolve();
  shop.supervisor.on('change', () => {
    written = written.then(() => write(shop, file)).catch(() => {});
  });
}

/**
 * The file holds passwords and the operators' key, so nobody else may read it; and it appears whole or not
 * at all.
 */
async function write(shop: Shop, file: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(shop.info, undefined, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
