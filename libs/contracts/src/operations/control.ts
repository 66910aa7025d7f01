import { z } from 'zod';
import { ControlHello, ControlSnapshot } from '../control.ts';
import { type Answer, type Operation, problem } from './operation.ts';

const tag = 'Pages';

const page: Record<number, Answer> = {
  200: { description: 'A page', content: { type: 'text/html', schema: z.string() } },
  503: problem('The page is not built'),
};

/** What browsers come for, and what the control room lives on. */
export const controlOperations: readonly Operation[] = [
  { method: 'get', path: '/', id: 'showShop', tag, summary: 'The shop window, as a page', answers: page },
  {
    method: 'get',
    path: '/control',
    id: 'showControlRoom',
    tag,
    summary: 'The control room, as a page',
    answers: page,
  },
  {
    method: 'get',
    path: '/assets/{file}',
    id: 'readAsset',
    tag,
    summary: 'A file of the page; under its name there is never another one',
    inPath: { file: z.string().describe('As the page names it') },
    answers: {
      200: { description: 'The file', content: { type: '*/*', schema: z.string() } },
      404: problem('The page has no such file'),
    },
  },
  {
    method: 'get',
    path: '/control/events',
    id: 'watchShop',
    tag,
    summary: 'Watches the whole shop, every second or two',
    description:
      'Server-sent events. `hello` comes first, with what does not change and the last minutes; then a `snapshot` ' +
      'every second or two. Nothing is kept for a client that comes again: its `hello` has the history. A client that does not read ' +
      'is dropped.',
    answers: {
      200: {
        description: 'Events; the data of each is JSON',
        content: { type: 'text/event-stream', schema: z.string() },
        events: { hello: ControlHello, snapshot: ControlSnapshot },
      },
      503: problem('Too many watch the control room here', ['Retry-After']),
    },
  },
];
