import { createHash } from 'node:crypto';
import { style } from './style.ts';

/** Text as it may stand in HTML. */
export const plain = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Sentences, in which what stands between backticks is code. */
export const prose = (text: string): string => plain(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

export const code = (text: string): string => `<code>${plain(text)}</code>`;

/** A table; a column in which nothing stands is left out. The cells are HTML already. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = heads.map((_, column) => rows.some((row) => row[column] !== ''));
  const cells = (row: readonly string[], tag: string) =>
    row.flatMap((cell, column) => (used[column] ? `<${tag}>${cell}</${tag.split(' ')[0]}>` : [])).join('');
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
  return `<table>\n<thead><tr>${cells(heads, 'th scope="col"')}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
}

/** The page may apply its own style, by the style's hash, and load nothing at all. */
export const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** A whole page that needs nothing but itself. */
export function page(title: string, lead: string, contents: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<title>${plain(title)}</title>
<style>${style}</style>
</head>
<body>
<nav>
${contents}
</nav>
<main>
<h1>${plain(title)}</h1>
${lead}
${main}
</main>
</body>
</html>
`;
}

/** A list of links to places on the page. */
export const links = (heading: string, entries: readonly { id: string; html: string }[]): string =>
  `<h2>${plain(heading)}</h2>\n<ul>\n${entries.map(({ id, html }) => `<li><a href="#${id}">${html}</a></li>`).join('\n')}\n</ul>`;
