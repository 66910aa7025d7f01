import type { PartitionerArgs } from 'kafkajs';

/**
 * The partition of a key, as Kafka's own clients choose it, so that whoever writes to our topics agrees with us.
 * kafkajs's default is the same hash in 64-bit arithmetic of its own, ten times slower.
 */
export const byKey =
  () =>
  ({ partitionMetadata, message: { key } }: PartitionerArgs): number =>
    partitionOf(key ?? '', partitionMetadata.length);

/** In which of so many partitions a key lies. */
export const partitionOf = (key: string | Buffer, partitions: number): number =>
  (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;

const seed = 0x9747b28c;
const m = 0x5bd1e995;

/** MurmurHash2 of 32 bits. Source: org.apache.kafka.common.utils.Utils, after Austin Appleby. */
export function murmur2(data: Buffer): number {
  const { length } = data;
  const whole = length & ~3;
  let h = seed ^ length;
  for (let at = 0; at < whole; at += 4) {
    let k = Math.imul(data.readInt32LE(at), m);
    k = Math.imul(k ^ (k >>> 24), m);
    h = Math.imul(h, m) ^ k;
  }
  if (length > whole) h = Math.imul(h ^ data.readUIntLE(whole, length - whole), m);
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
}
