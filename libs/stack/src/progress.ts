/** One thing being fetched or built. */
export interface ProgressItem {
  /** Where it stands: "12 of 35 files, about 20 s left". */
  update(text: string): void;
  /** A line that stays, whatever is redrawn after it. */
  say(line: string): void;
  /** The item is through; with a text, that stays as its last line. */
  done(text?: string): void;
}

export interface Progress {
  item(name: string): ProgressItem;
  /** A line that belongs to no item. */
  say(line: string): void;
  close(): void;
}

const REDRAW_EVERY_MS = 100;
/** Without a terminal a line this often says that nothing hangs. */
const LINE_EVERY_MS = 10_000;

/** Shows progress: one redrawn line on a terminal, elsewhere a line per item every ten seconds. */
export function showProgress(out: NodeJS.WriteStream = process.stderr): Progress {
  const texts = new Map<string, string>();
  const print = out.isTTY ? redrawnLine(out, texts) : spacedLines(out, texts);
  return {
    item: (name) => ({
      update: (text) => {
        const first = !texts.has(name);
        texts.set(name, text);
        print.changed(name, first);
      },
      say: (line) => print.say(`${name}: ${line}`),
      done: (text) => {
        texts.delete(name);
        if (text) print.say(`${name}: ${text}`);
      },
    }),
    say: print.say,
    close: print.close,
  };
}

/** Progress for nobody, as tests want it. */
export const silentProgress: Progress = {
  item: () => ({ update: () => {}, say: () => {}, done: () => {} }),
  say: () => {},
  close: () => {},
};

/** "about 3 min" or "about 20 s": nobody wants more digits from an estimate. */
export function roughly(seconds: number): string {
  if (seconds >= 90) return `about ${Math.round(seconds / 60)} min`;
  return `about ${Math.max(5, Math.ceil(seconds / 5) * 5)} s`;
}

interface Printer {
  changed(name: string, first: boolean): void;
  say(line: string): void;
  close(): void;
}

function redrawnLine(out: NodeJS.WriteStream, texts: ReadonlyMap<string, string>): Printer {
  const clear = () => out.write('\r\u001b[K');
  const draw = () => {
    const line = [...texts].map(([name, text]) => `${name}: ${text}`).join(' · ');
    clear();
    out.write(line.slice(0, (out.columns ?? 80) - 1));
  };
  const timer = setInterval(() => texts.size > 0 && draw(), REDRAW_EVERY_MS).unref();
  return {
    changed: () => {},
    say: (line) => {
      clear();
      out.write(`${line}\n`);
    },
    close: () => {
      clearInterval(timer);
      clear();
    },
  };
}

function spacedLines(out: NodeJS.WriteStream, texts: ReadonlyMap<string, string>): Printer {
  const print = (name: string) => out.write(`${name}: ${texts.get(name)}\n`);
  const timer = setInterval(() => [...texts.keys()].forEach(print), LINE_EVERY_MS).unref();
  return {
    changed: (name, first) => first && print(name),
    say: (line) => out.write(`${line}\n`),
    close: () => clearInterval(timer),
  };
}
