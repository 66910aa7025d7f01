/** Splits a stream into Kafka's frames: four bytes of length, then so many bytes. */
export function createFrameReader(onFrame: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 4) {
      const end = 4 + rest.readInt32BE(0);
      if (rest.length < end) return;
      onFrame(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  };
}

/** The APIs that faults are about. Source: https://kafka.apache.org/protocol.html#protocol_api_keys */
export const Api = { produce: 0, fetch: 1, offsetCommit: 8, joinGroup: 11, heartbeat: 12 } as const;

/** What the head of a request tells. */
export interface RequestHead {
  apiKey: number;
  correlationId: number;
  clientId: string;
}

/** Reads the head of a request. Source: https://kafka.apache.org/protocol.html#protocol_messages */
export function readRequestHead(frame: Buffer): RequestHead {
  const length = frame.readInt16BE(12);
  return {
    apiKey: frame.readInt16BE(4),
    correlationId: frame.readInt32BE(8),
    clientId: length < 0 ? '' : frame.toString('utf8', 14, 14 + length),
  };
}

/** The request that a response answers. */
export const correlationOf = (response: Buffer): number => response.readInt32BE(4);
