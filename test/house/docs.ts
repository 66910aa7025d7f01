import path from 'node:path';
import { filesUnder, isThere, readSource, type Source } from './source.ts';

/** Everything that people read. */
export const documents = (): Source[] =>
  [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'SECURITY.md',
    'observability/slo.md',
    ...filesUnder('docs').filter((file) => file.endsWith('.md')),
  ].map(readSource);

/** GitHub's name for the place that a heading is. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** Links to files of the project that are not there, or to headings that are not in them. */
export function deadLinks(document: Source): string[] {
  const links = [...document.text.matchAll(/\]\((?<target>[^)\s]+)\)/g)].map(
    ({ groups }) => groups?.['target'] ?? '',
  );
  return links
    .filter((target) => !/^https:\/\//.test(target))
    .flatMap((target) => {
      const [file = '', anchor] = target.split('#');
      const place = file === '' ? document.path : path.posix.join(path.posix.dirname(document.path), file);
      const known =
        isThere(place) && (anchor === undefined || anchorsOf(readSource(place).text).includes(anchor));
      return known ? [] : [`${document.path} links to ${target}`];
    });
}

/** The pictures of ours that a document shows, as places in the repository. */
export function picturesIn(document: Source): string[] {
  const shown = [...document.text.matchAll(/!\[[^\]]*\]\(([^)\s]+)\)|\bsrc(?:set)?="([^"]+)"/g)];
  return shown
    .map(([, linked, named]) => linked ?? named ?? '')
    .filter((target) => !/^https:\/\//.test(target))
    .map((target) => path.posix.join(path.posix.dirname(document.path), target));
}

/** The npm scripts that a document shows: `npm run x`, `npm start`, `npm test`. */
export const scriptsIn = ({ text }: Source): string[] =>
  [...text.matchAll(/\bnpm (?:run (?:-s )?)?(?<script>[\w:-]+)/g)]
    .map(({ groups }) => groups?.['script'] ?? '')
    .filter((script) => !['ci', 'run', 'exec', 'package', 'and'].includes(script));

/** The options that a document shows in a call of this script, such as `npm run demo -- --seed 1`. */
export function optionsShown({ text }: Source, script: string): string[] {
  const calls = [...text.matchAll(new RegExp(`npm (?:run )?${script} -- ([^\`\\n]*)`, 'g'))];
  return calls.flatMap(([, rest = '']) => rest.match(/--[\w-]+/g) ?? []);
}

/** The options that a section of a document has in its table, by the heading of the section. */
export function optionsListed({ text }: Source, heading: string): string[] {
  const [, after = ''] = text.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  return [...section.matchAll(/^\| `(--[\w-]+)/gm)].map(([, option = '']) => option);
}

/** Rows of a table between two headings whose first cell is code: the code. */
export function firstCells({ text }: Source, heading: string): string[] {
  const [, after = ''] = text.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = '']) => cell);
}

/** Without the blanks and dashes with which a formatter lines tables up. */
export const plain = (text: string): string =>
  text
    .trim()
    .replaceAll(/ *\| */g, '|')
    .replaceAll(/-{3,}/g, '---');
