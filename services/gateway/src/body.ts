import { bodyBytesMax, Problem } from '@doorbuster/service';
import type { Request } from 'express';

/** Of all bodies together that are read or under way at the door, in bytes. */
const heldBytesMax = 64 * 2 ** 20;

export interface Bodies {
  /**
   * Reads a body to its end, before anybody behind the door is bothered with it; undefined where there is none.
   * What it takes of the memory is given back when the request is over.
   * @throws Problem 413 when it is too large, 503 when the door holds as much as it may
   */
  read(req: Request): Promise<Buffer | undefined>;
}

/**
 * Bodies are small, and clients may be slow: a service hears of a request when all of it is there. So no client holds
 * on to a connection behind the door, and until a request has left, it can still go to another instance.
 */
export function createBodies(): Bodies {
  let heldBytes = 0;

  return {
    async read(req) {
      const { 'content-length': length = '0', 'transfer-encoding': encoding } = req.headers;
      if (length === '0' && encoding === undefined) return undefined;
      if (Number(length) > bodyBytesMax) throw tooLarge();
      let bytes = 0;
      req.res?.on('close', () => {
        heldBytes -= bytes;
      });
      // What is there counts, not what is announced: who announces much and sends nothing must not keep others out.
      return readAll(req, (more) => {
        bytes += more;
        heldBytes += more;
        if (bytes > bodyBytesMax) return tooLarge();
        return heldBytes > heldBytesMax ? tooMuch() : undefined;
      });
    },
  };
}

const tooMuch = () => new Problem(503, 'Too much is coming in', { headers: { 'Retry-After': '1' } });
const tooLarge = () => new Problem(413, `A body may have ${bodyBytesMax} bytes`);

/** By events: an iterator over a stream costs several times as much. */
function readAll(req: Request, refuse: (bytes: number) => Problem | undefined): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => {
    const problem = refuse(chunk.length);
    if (problem !== undefined) reject(problem);
    else chunks.push(chunk);
  });
  req.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
  // Nobody is there to be told, but who waits for it has to go on.
  req.on('close', () => {
    if (!req.complete) reject(new Problem(400, 'The body broke off'));
  });
  return promise;
}
