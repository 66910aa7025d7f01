import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const crc32C: (bytes: Buffer) => number = require('kafkajs/src/protocol/recordBatch/crc32C/index.js');

interface PlainMessage {
  key: string;
  value: string | Buffer;
  headers: Record<string, string>;
}

/** What kafkajs has ready when it asks for the bytes of a request. */
interface ProduceArguments {
  acks: number;
  timeout: number;
  compression: number;
  transactionalId?: string | undefined;
  producerId: { toString(): string };
  producerEpoch: number;
  topicData: {
    topic: string;
    partitions: { partition: number; firstSequence: number; messages: PlainMessage[] }[];
  }[];
}

type MakeRequest = (args: ProduceArguments) => { request: { encode(): Promise<{ buffer: Buffer }> } };

/**
 * Writes produce requests by itself, for producers like ours: neither idempotent nor transactional, nothing compressed.
 * kafkajs 2.2.4 makes ten buffers for each record and five more for each header, which took 20 microseconds a record;
 * in one buffer it is a fifth of that (docs/performance.md). Before version 3 there were no record batches.
 */
export function mendProduceRequest(): void {
  const produce: { protocol(version: { version: number }): MakeRequest } =
    require('kafkajs/src/protocol/requests/produce/index.js');
  const stock = produce.protocol;
  produce.protocol = ({ version }) => {
    const make = stock({ version });
    if (version < 3) return make;
    return (args) => {
      const made = make(args);
      const isPlain = !args.transactionalId && args.compression === 0 && String(args.producerId) === '-1';
      if (isPlain) made.request.encode = async () => encodeProduce(args);
      return made;
    };
  };
}

const attributes = 0;
const magic = 2;

/**
 * The body of a produce request, versions 3 to 8.
 * Source: https://kafka.apache.org/protocol.html#The_Messages_Produce and the record batch in
 * https://kafka.apache.org/documentation/#recordbatch
 */
export function encodeProduce({ acks, timeout, topicData, producerEpoch }: ProduceArguments) {
  const writer = createWriter();
  writer.int16(-1); // no transactional id
  writer.int16(acks);
  writer.int32(timeout);
  writer.int32(topicData.length);
  for (const { topic, partitions } of topicData) {
    writer.shortString(topic);
    writer.int32(partitions.length);
    for (const { partition, firstSequence, messages } of partitions) {
      writer.int32(partition);
      const bytes = writer.later32();
      writer.int64(0n); // the broker counts offsets
      const length = writer.later32();
      writer.int32(0); // leader epoch
      writer.int8(magic);
      const crc = writer.later32();
      const now = BigInt(Date.now());
      writer.int16(attributes);
      writer.int32(messages.length - 1);
      writer.int64(now);
      writer.int64(now);
      writer.int64(-1n); // no producer id
      writer.int16(producerEpoch);
      writer.int32(firstSequence);
      writer.int32(messages.length);
      for (const [offset, message] of messages.entries()) writeRecord(writer, offset, message);
      crc(crc32C(writer.since(crc)));
      length(writer.since(length).length);
      bytes(writer.since(bytes).length);
    }
  }
  return writer.encoded();
}

function writeRecord(writer: Writer, offset: number, { key, value, headers }: PlainMessage): void {
  const names = Object.keys(headers);
  let size = 2 + sizeOfVarInt(offset) + sizeOfField(key) + sizeOfField(value) + sizeOfVarInt(names.length);
  for (const name of names) size += sizeOfField(name) + sizeOfField(headers[name] ?? '');
  writer.varInt(size);
  writer.int8(0); // attributes
  writer.int8(0); // the time is that of the batch
  writer.varInt(offset);
  writer.field(key);
  writer.field(value);
  writer.varInt(names.length);
  for (const name of names) {
    writer.field(name);
    writer.field(headers[name] ?? '');
  }
}

const zigZag = (value: number): number => (value << 1) ^ (value >> 31);

function sizeOfVarInt(value: number): number {
  return Math.max(1, Math.ceil((32 - Math.clz32(zigZag(value))) / 7));
}

function sizeOfField(field: string | Buffer): number {
  const size = Buffer.byteLength(field);
  return sizeOfVarInt(size) + size;
}

type Writer = ReturnType<typeof createWriter>;
/** Fills in a number whose place was left free. */
type Later = ((value: number) => void) & { end: number };

function createWriter() {
  let buffer = Buffer.allocUnsafe(16_384);
  let end = 0;

  /** Makes room for so many bytes, and gives where they go. To be called before `buffer` is: it may be another then. */
  function take(bytes: number): number {
    if (end + bytes > buffer.length) {
      const larger = Buffer.allocUnsafe(2 * (end + bytes));
      buffer.copy(larger, 0, 0, end);
      buffer = larger;
    }
    end += bytes;
    return end - bytes;
  }

  function int8(value: number): void {
    const at = take(1);
    buffer[at] = value;
  }

  function int16(value: number): void {
    const at = take(2);
    buffer.writeInt16BE(value, at);
  }

  function write(text: string, bytes: number): void {
    const at = take(bytes);
    buffer.write(text, at, bytes, 'utf8');
  }

  function varInt(value: number): void {
    let rest = zigZag(value) >>> 0;
    for (; rest > 0x7f; rest >>>= 7) int8((rest & 0x7f) | 0x80);
    int8(rest);
  }

  return {
    int8,
    int16,
    int32(value: number) {
      const at = take(4);
      buffer.writeInt32BE(value, at);
    },
    int64(value: bigint) {
      const at = take(8);
      buffer.writeBigInt64BE(value, at);
    },
    varInt,
    shortString(text: string) {
      const bytes = Buffer.byteLength(text);
      int16(bytes);
      write(text, bytes);
    },
    field(field: string | Buffer) {
      const bytes = Buffer.byteLength(field);
      varInt(bytes);
      if (typeof field === 'string') return write(field, bytes);
      const at = take(bytes);
      field.copy(buffer, at);
    },
    later32(): Later {
      const at = take(4);
      return Object.assign((value: number) => void buffer.writeUInt32BE(value >>> 0, at), { end });
    },
    /** What was written after a number that comes later. */
    since: ({ end: from }: Later) => buffer.subarray(from, end),
    /** As kafkajs's own encoders hand over what they have written. */
    encoded: () => ({ buf: buffer, buffer: buffer.subarray(0, end) }),
  };
}
