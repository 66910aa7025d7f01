import type { StockView } from '@doorbuster/contracts';
import { Problem, resource } from '@doorbuster/service';
import { type RequestHandler, Router } from 'express';
import type { Pool } from 'pg';
import type { z } from 'zod';

/** What inventory serves: how many of a product can still be had. */
export function api(database: Pool): Router {
  const router = Router();
  resource(router, '/stock/:sku', { get: [showStock(database)] });
  return router;
}

const showStock =
  (database: Pool): RequestHandler =>
  async (req, res) => {
    const sku = String(req.params['sku']);
    const text = 'select sku, on_hand as available from stock where sku = $1';
    // PostgreSQL refuses U+0000 in text, and nothing that is stocked has it.
    const { rows } = sku.includes('\0')
      ? { rows: [] }
      : await database.query<z.infer<typeof StockView>>(text, [sku]);
    const [stock] = rows;
    if (stock === undefined) throw new Problem(404, 'This is not stocked');
    res.set('Cache-Control', 'no-store').json(stock);
  };
