import { Readable } from 'node:stream';

export interface Steps {
  /** Somebody reads the first of it; from now on it cannot be sent again. */
  onBegin(): void;
  /** All of it was read. */
  onEnd(): void;
}

/**
 * Hands a client's body on. Whatever becomes of the try that reads it, the client's connection stays, so that it can be
 * told; and while nobody has begun to read, the body can still go to another instance.
 */
export function handOn(body: Readable, { onBegin, onEnd }: Steps): Readable {
  let hasBegun = false;
  const onBodyData = (chunk: Uint8Array) => {
    if (!handedOn.push(chunk)) body.pause();
  };
  const onBodyEnd = () => {
    onEnd();
    handedOn.push(null);
  };
  const handedOn = new Readable({
    read() {
      if (!hasBegun) {
        onBegin();
        body.on('data', onBodyData).on('end', onBodyEnd);
        body.on('error', (error) => handedOn.destroy(error));
      } else {
        body.resume();
      }
      hasBegun = true;
    },
    destroy(error, done) {
      body.off('data', onBodyData).off('end', onBodyEnd);
      done(error);
    },
  });
  return handedOn;
}
