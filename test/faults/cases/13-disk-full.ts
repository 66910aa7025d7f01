// Breaks: the disk under the databases, the topics and the logs. How: a file fills a file system of 700 MB to its last
// byte, for 10 s. Must hold: nothing is promised that is not stored (I1), and when there is room again, all others.
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { FaultCase } from '../case.ts';
import { diskOf, whyNoSmallDisk } from '../harness/small-disk.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const block = Buffer.alloc(1_048_576);

/** Writes until nothing goes in any more; gives the MB. */
async function fill(file: string): Promise<number> {
  const handle = await open(file, 'w');
  try {
    for (let megabytes = 0; ; megabytes++) {
      const isFull = await handle.write(block).then(
        ({ bytesWritten }) => bytesWritten < block.length,
        () => true,
      );
      if (isFull) return megabytes;
    }
  } finally {
    await handle.close();
  }
}

export const diskFull: FaultCase = {
  id: '13',
  title: 'disk full',
  breaks: 'the disk of PostgreSQL, Kafka, the mailbox and all logs',
  how: 'a tmpfs of 700 MB, filled to the last byte for 10 s',
  holds: everything,
  bench: 'small disk',
  cannot: whyNoSmallDisk,
  async run(context) {
    const file = path.join(diskOf(context.bench), 'filler');
    let filled = 0;
    const schedule = [
      {
        what: 'the disk is full',
        atMs: 3_000,
        do: async () => {
          filled = await fill(file);
        },
        forMs: 10_000,
        undo: () => rm(file),
      },
    ];
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 12 });
    return { evidence: `filled with ${filled} MB; ${evidence}` };
  },
};
