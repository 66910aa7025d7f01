/** A request with a head as Kafka's clients write it. */
export function request(apiKey: number, correlationId: number, clientId: string, body = 'body'): Buffer {
  const head = Buffer.alloc(10);
  head.writeInt16BE(apiKey, 0);
  head.writeInt16BE(7, 2);
  head.writeInt32BE(correlationId, 4);
  head.writeInt16BE(clientId.length, 8);
  return frame(Buffer.concat([head, Buffer.from(clientId + body)]));
}

/** A frame of this content. */
export function frame(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length, 0);
  return Buffer.concat([length, content]);
}
