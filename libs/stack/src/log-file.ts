import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { poll } from './poll.ts';

const TAIL_BYTES = 4096;
const TAIL_LINES = 15;

/**
 * A child writes into its log file itself, so that a busy shop's logs cost the launcher nothing; the launcher
 * only reads what it needs: lines while the child starts, and the end when it has crashed.
 */
export class LogFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Opens it for a child to append to. */
  openForChild(): number {
    return openSync(this.path, 'a', 0o644);
  }

  get sizeBytes(): number {
    return this.#read((file) => fstatSync(file).size);
  }

  /** The first line written at or after the offset that matches. */
  async lineAfter(
    offset: number,
    pattern: RegExp,
    limitMs: number,
    signal: AbortSignal,
  ): Promise<RegExpExecArray> {
    let position = offset;
    let rest = '';
    const search = () => {
      const chunk = this.#bytesFrom(position);
      position += chunk.length;
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      return lines.map((line) => pattern.exec(line)).find((match) => match !== null);
    };
    return poll(search, { what: `a log line like ${pattern}`, limitMs, signal });
  }

  /** Its last lines, for a person who wants to know why. */
  tail(): string {
    const bytes = this.#bytesFrom(Math.max(0, this.sizeBytes - TAIL_BYTES));
    return bytes.toString('utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  }

  #bytesFrom(position: number): Buffer {
    return this.#read((file) => {
      const buffer = Buffer.alloc(Math.max(0, fstatSync(file).size - position));
      return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, position));
    });
  }

  #read<T>(use: (file: number) => T): T {
    const file = openSync(this.path, 'a+');
    try {
      return use(file);
    } finally {
      closeSync(file);
    }
  }
}
