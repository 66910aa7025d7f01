import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { readDeadLetterCommand } from '../../libs/stack/src/cli/dead-letter-options.ts';
import { readSettingCommand } from '../../libs/stack/src/cli/setting-options.ts';
import { readStartOptions } from '../../libs/stack/src/cli/start-options.ts';
import { readTokenCommand } from '../../libs/stack/src/cli/token-options.ts';
import { cardOf } from '../../services/acquirer/src/cards.ts';
import { initialKnobs } from '../../services/acquirer/src/knobs.ts';
import { readChaosOptions } from '../faults/chaos/options.ts';
import { readFaultOptions } from '../faults/options.ts';
import { readHostileOptions } from '../hostile/options.ts';
import { readBenchOptions } from '../load/bench/options.ts';
import { readOptions } from '../load/options.ts';
import {
  deadLinks,
  documents,
  firstCells,
  optionsListed,
  optionsShown,
  picturesIn,
  plain,
  scriptsIn,
} from './docs.ts';
import { fill, generatedParts, partOf } from './generated.ts';
import { readMeasured } from './measured.ts';
import { filesUnder, isThere, readSource, root } from './source.ts';

const docs = documents();
const readme = readSource('README.md');
const running = readSource('docs/running.md');

describe('When a document links to a file or a heading', () => {
  test('then it is there', () => {
    expect(docs.flatMap(deadLinks)).toEqual([]);
  });

  test('then one that is not there is found', () => {
    const text =
      '[a](README.md) [b](docs/nowhere.md) [c](docs/running.md#what-is-survived) [d](docs/running.md#not-it)';
    expect(deadLinks({ path: 'README.md', text })).toEqual([
      'README.md links to docs/nowhere.md',
      'README.md links to docs/running.md#not-it',
    ]);
  });
});

describe('When a document shows a picture', () => {
  test('then it is there, and small enough for everybody who clones the repository', () => {
    const pictures = docs.flatMap(picturesIn);
    expect(pictures).not.toEqual([]);
    const sizes = pictures.map((file) => [
      file,
      isThere(file) && statSync(path.join(root, file)).size <= 300_000,
    ]);
    expect(sizes).toEqual(pictures.map((file) => [file, true]));
  });

  test('then it is found, however it is shown', () => {
    const text = '![a](a.png) <source srcset="b.png"> <img alt="c" src="../c.png">';
    expect(picturesIn({ path: 'docs/x.md', text })).toEqual(['docs/a.png', 'docs/b.png', 'c.png']);
  });
});

describe('When the README names a pattern', () => {
  const rows = (partOf(readme.text, 'patterns') ?? '').split('\n').slice(2);
  const linksOf = (row: string) => [...row.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);

  test('then its page, its file and its test are there', () => {
    expect(rows.length).toBeGreaterThanOrEqual(12);
    for (const row of rows) {
      const [page = '', file = '', tests = ''] = linksOf(row);
      expect([page, file, tests].map(isThere)).toEqual([true, true, true]);
      expect(page).toMatch(/^docs\/patterns\//);
      expect(tests).toMatch(/\.test\.ts$/);
    }
  });

  test('then every pattern that has a page is among them', () => {
    const pages = filesUnder('docs/patterns').filter((page) => page !== 'docs/patterns/README.md');
    expect(rows.map((row) => linksOf(row)[0]).sort()).toEqual(pages.sort());
  });

  test('then its page names the same file and the same test', () => {
    for (const [page = '', file = '', tests = ''] of rows.map(linksOf)) {
      const { text } = readSource(page);
      expect([page, text.includes(file), text.includes(tests)]).toEqual([page, true, true]);
    }
  });
});

describe('When a document shows a command', () => {
  const Manifest = z.object({ scripts: z.record(z.string(), z.string()) });
  const scripts = Object.keys(Manifest.parse(JSON.parse(readSource('package.json').text)).scripts);

  test('then it is a script of the project', () => {
    const unknown = docs.flatMap((doc) =>
      scriptsIn(doc)
        .filter((script) => !scripts.includes(script))
        .map((script) => `${doc.path}: npm run ${script}`),
    );
    expect(unknown).toEqual([]);
  });

  test('then a script that nobody has is found', () => {
    expect(scriptsIn({ path: 'x', text: '`npm ci && npm run fly -- --high`, `npm start`' })).toEqual([
      'fly',
      'start',
    ]);
  });
});

const run = promisify(execFile);
const nonsense = ['--no-such-option'];

/** What a command line says against an option that it does not know; it names those that it does. */
async function complaint(read: () => unknown): Promise<string> {
  try {
    await read();
  } catch (error) {
    return String(error instanceof Error && 'stderr' in error ? error.stderr : error);
  }
  throw new Error('It took an option that nobody knows');
}

const commandLines: Record<string, () => unknown> = {
  start: () => readStartOptions(nonsense),
  'run demo': () => readOptions(nonsense),
  'run bench': () => readBenchOptions(nonsense),
  'run faults': () => readFaultOptions(nonsense, []),
  'run chaos': () => readChaosOptions(nonsense),
  'run hostile': () => readHostileOptions(nonsense, []),
  'run audit': () => run(process.execPath, ['test/audit/cli.ts', ...nonsense], { cwd: root }),
  'run dead-letters': () => readDeadLetterCommand(nonsense),
  'run token': () => readTokenCommand(nonsense),
  'run settings': () => readSettingCommand(nonsense),
  'run sagas': () => run(process.execPath, ['libs/stack/src/cli/sagas.ts', ...nonsense], { cwd: root }),
  'run screenshots': () => run(process.execPath, ['test/browser/screenshots.ts', ...nonsense], { cwd: root }),
  'run order': () => run(process.execPath, ['test/load/show-order.ts', ...nonsense], { cwd: root }),
};

describe.each(Object.keys(commandLines))('When the options of `npm %s` are described', (command) => {
  const accepted = async () => {
    const text = await complaint(commandLines[command] ?? (() => undefined));
    return [...new Set(text.match(/--[a-z][\w-]*/g))].filter((option) => option !== nonsense[0]);
  };

  test('then they are those that it takes', async () => {
    expect(optionsListed(running, `\`npm ${command}\``).sort()).toEqual((await accepted()).sort());
  });

  test('then no document shows another one', async () => {
    const known = await accepted();
    const shown = docs.flatMap((doc) => optionsShown(doc, command.replace('run ', '')));
    expect(shown.filter((option) => !known.includes(option))).toEqual([]);
  });
});

test('When a document shows a call with an option, then the option is seen', () => {
  const text = '`npm run demo -- --seed 1 --fly high`\n`npm start -- --info x`';
  expect(optionsShown({ path: 'x', text }, 'demo')).toEqual(['--seed', '--fly']);
  expect(optionsShown({ path: 'x', text }, 'start')).toEqual(['--info']);
});

describe('When a part of a document is generated', () => {
  test('then it is what `npm run docs` would write', async () => {
    for (const { file, name, text } of generatedParts(await readMeasured())) {
      expect([file, plain(partOf(readSource(file).text, name) ?? '')]).toEqual([file, plain(text)]);
    }
  });

  test('then only what is between its markers changes', () => {
    const document = 'a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb\n';
    expect(fill(document, 'x', 'new')).toBe('a\n<!-- x:begin -->\nnew\n<!-- x:end -->\nb\n');
    expect(() => fill(document, 'y', 'new')).toThrow('y:begin');
    expect(() => fill(`${document}${document}`, 'x', 'new')).toThrow('once each');
  });
});

describe('When the test cards are described', () => {
  const page = readSource('docs/test-cards.md');

  test('then they are exactly those that the acquirer knows', () => {
    const source = readSource('services/acquirer/src/cards.ts').text;
    const table = source.split('const cards')[1]?.split('\n};')[0] ?? '';
    const cards = [...table.matchAll(/^ {2}(\w+):/gm)].map(([, card = '']) => card);
    expect(cards.length).toBeGreaterThan(3);
    expect(cards.map(cardOf)).not.toContainEqual({ declined: 'unknown card' });
    expect(firstCells(page, 'Cards')).toEqual(cards);
  });

  test('then so are the knobs, with their defaults', () => {
    expect(firstCells(page, 'Knobs')).toEqual(Object.keys(initialKnobs));
    for (const [knob, value] of Object.entries(initialKnobs)) {
      expect(page.text).toMatch(new RegExp(`\\| \`${knob}\` *\\|[^|]+\\| *${value} *\\|`));
    }
  });
});
