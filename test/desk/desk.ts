import { actionNames, type DeskView, type Mark } from '@doorbuster/contracts';
import { type ActionParts, broker, createActions, type DeskAction, type DeskBody } from './actions.ts';
import type { LiveAudit } from './live/live-audit.ts';
import type { SpikeNews } from './spike-news.ts';

export interface Desk {
  view(): Promise<DeskView>;
  /** @throws Refusal */
  actions: { [Name in DeskAction]: (body: DeskBody<Name>) => Promise<Mark> };
  /** @throws Refusal */
  told(news: SpikeNews): void;
  close(): Promise<void>;
}

const marksMax = 50;
const markLength = 80;

/** Everything behind the control room's buttons, what it has done, and what the services cannot know. */
export function openDesk({ audit, ...parts }: ActionParts & { audit: LiveAudit }): Desk {
  const { supervisor, spikes } = parts;
  const marks: Mark[] = [];
  const { actions, isTwice, close } = createActions(parts);

  function leaveMark(text: string): Mark {
    const mark = { at: new Date().toISOString(), text: text.slice(0, markLength) };
    marks.push(mark);
    if (marks.length > marksMax) marks.shift();
    return mark;
  }

  const marked =
    <Body>(act: (body: Body) => Promise<string>) =>
    async (body: Body): Promise<Mark> =>
      leaveMark(await act(body));

  return {
    async view() {
      const processes = await supervisor.list();
      return {
        processes: processes.map(({ name, state, cpuSeconds, rssBytes }) => {
          return { name, state, cpuSeconds, rssBytes };
        }),
        actions: everythingWorks,
        faults: {
          kafkaPaused: processes.some(({ name, state }) => name === broker && state === 'paused'),
          twice: isTwice(),
        },
        spike: spikes.view(),
        verdict: spikes.verdict() ?? audit.verdict(),
        marks: [...marks],
      };
    },
    actions: {
      spike: marked(actions.spike),
      kill: marked(actions.kill),
      pause: marked(actions.pause),
      scale: marked(actions.scale),
      kafka: marked(actions.kafka),
      poison: marked(actions.poison),
      twice: marked(actions.twice),
    },
    told(news) {
      spikes.told(news);
      if (news.state === 'running' && spikes.view()?.by === 'demo')
        leaveMark(`Black Friday: ${news.seconds} s, up to ${news.peakPerS} orders/s`);
      if (news.verdict !== null) leaveMark(`The verdict: ${news.verdict.verdict}`);
    },
    async close() {
      await Promise.all([spikes.close(), close(), audit.close()]);
    },
  };
}

/** There is a supervisor wherever there is a desk. */
const everythingWorks = Object.fromEntries(actionNames.map((name) => [name, null])) as DeskView['actions'];
