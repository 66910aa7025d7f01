import { contentSecurityPolicy } from '@doorbuster/contracts/documents';
import { describe, expect, test } from '@jest/globals';
import { generatedFiles } from './generated.ts';
import { filesUnder, readSource } from './source.ts';

const files = generatedFiles();
const pages = files.filter(({ file }) => file.endsWith('.html'));

/** Whatever in a page makes a browser fetch something: elements, and what a style may name. */
function loadsIn(page: string): string[] {
  const elements = /<(script|img|iframe|object|embed|link|video|audio|source|base|form)\b[^>]*>/gi;
  const attributes = /\s(src|srcset|poster|action|background|on\w+|style)=/gi;
  return [elements, attributes, /@import|url\s*\(/gi].flatMap((pattern) => page.match(pattern) ?? []);
}

describe('When the contracts are written as documents', () => {
  test.each(files.map(({ file }) => file))('then %s is what `npm run docs` would write', (file) => {
    const text = files.find((one) => one.file === file)?.text;
    expect(readSource(file).text === text).toBe(true);
  });

  test('then nothing else lies beside them', () => {
    expect(filesUnder('docs/api').toSorted()).toEqual(files.map(({ file }) => file).toSorted());
  });
});

describe('When a page of them is opened', () => {
  test.each(pages)('then $file loads nothing', ({ text }) => {
    expect(loadsIn(text)).toEqual([]);
    // And the browser is told so: even what was overlooked here would be refused.
    expect(contentSecurityPolicy).toMatch(/^default-src 'none'; style-src 'sha256-[^' ]+';/);
    expect(text).toContain(`<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">`);
  });

  test.each(pages)('then every file that $file links to lies beside it', ({ text }) => {
    const targets = [...text.matchAll(/ href="([^"#]+)"/g)].map(([, target = '']) => `docs/api/${target}`);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !files.some(({ file }) => file === target))).toEqual([]);
  });

  test('then something that it loads is found', () => {
    const page = `<script src="https://cdn.example/x.js"></script><p style="a: url(//x)"><img alt="" src="x.png">`;
    expect(loadsIn(page)).toHaveLength(6);
  });
});
