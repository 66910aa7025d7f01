import { ProblemDocument } from '@doorbuster/contracts/documents';

/** An answer as it came over the wire. */
export interface Answer {
  status: number;
  headers: Map<string, string>;
  body: string;
  isWhole: boolean;
}

/** Reads the answers out of what a connection has brought so far; the last one may be cut off. Text is Latin-1. */
export function readAnswers(text: string, method: string): Answer[] {
  const answers: Answer[] = [];
  let rest = text;
  while (rest.length > 0) {
    const headEnd = rest.indexOf('\r\n\r\n');
    const [statusLine = '', ...lines] = rest.slice(0, headEnd === -1 ? undefined : headEnd).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0);
    const headers = new Map(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const after = headEnd === -1 ? '' : rest.slice(headEnd + 4);
    const { body, isWhole, used } = readBody(after, status, headers, method);
    if (status >= 200 || headEnd === -1)
      answers.push({ status, headers, body, isWhole: isWhole && headEnd !== -1 });
    if (headEnd === -1 || !isWhole) break;
    rest = after.slice(used);
  }
  return answers;
}

function readBody(text: string, status: number, headers: Map<string, string>, method: string) {
  const isEmpty = status < 200 || status === 204 || status === 304 || method === 'HEAD';
  if (isEmpty) return { body: '', isWhole: true, used: 0 };
  // The head of a stream of events is all that is waited for.
  if (headers.get('content-type')?.startsWith('text/event-stream'))
    return { body: '', isWhole: true, used: text.length };
  if (headers.get('transfer-encoding') === 'chunked') return readChunks(text);
  const length = Number(headers.get('content-length') ?? Number.NaN);
  // Without a length it lasts until the connection ends.
  if (Number.isNaN(length)) return { body: text, isWhole: false, used: text.length };
  return { body: text.slice(0, length), isWhole: text.length >= length, used: length };
}

function readChunks(text: string) {
  let body = '';
  let at = 0;
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at);
    const size = lineEnd === -1 ? Number.NaN : Number.parseInt(text.slice(at, lineEnd), 16);
    if (Number.isNaN(size) || text.length < lineEnd + 2 + size + 2)
      return { body, isWhole: false, used: text.length };
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 2 + size + 2;
    if (size === 0) return { body, isWhole: true, used: at };
  }
}

/** What is wrong with a refusal as such, whatever was asked: it has to be a problem document that tells no secrets. */
export function faultOf({ status, headers, body }: Answer, method: string): string | undefined {
  if (status === 0) return 'no HTTP came back';
  if (status >= 500) return `${status}: ${body.slice(0, 200)}`;
  if (status < 400 || method === 'HEAD') return undefined;
  const type = headers.get('content-type') ?? 'no type';
  if (!type.startsWith('application/problem+json')) return `${status} with ${type}`;
  const problem = ProblemDocument.safeParse(parse(body));
  if (!problem.success || problem.data.status !== status)
    return `${status} with no problem document: ${body.slice(0, 200)}`;
  return /node_modules|\.ts:\d|\bat [\w.]+ \(/.test(body)
    ? `${status} that tells how it is built: ${body.slice(0, 200)}`
    : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
  } catch {
    return undefined;
  }
}
