import { describe, expect, test } from '@jest/globals';
import { alerts, boards, declaredSeries, questions, rules, undeclared } from './observability.ts';
import { fillIn, usesIn } from './promql.ts';
import { filesUnder, readSource } from './source.ts';

describe('When a board, a rule or a document asks Prometheus for something', () => {
  const declared = declaredSeries();
  const ask = (expression: string, ...shows: string[]) =>
    undeclared({ place: 'here', expression, shows }, declared);

  test('then the code declares every metric and every label of it', () => {
    const all = questions();
    for (const part of ['boards', 'rules', 'docs/runbooks', 'slo.md'])
      expect(all.some(({ place }) => place.includes(part.replace('boards', 'grafana')))).toBe(true);
    expect(all.flatMap((question) => undeclared(question, declared))).toEqual([]);
  });

  test.each([
    [
      'a metric',
      'sum(rate(doorbuster_orders_lost_total[1m]))',
      'here: nobody measures doorbuster_orders_lost_total',
    ],
    [
      'a metric by an older name',
      'doorbuster_outbox_age_milliseconds',
      'here: nobody measures doorbuster_outbox_age_milliseconds',
    ],
    [
      'a label that is matched',
      'doorbuster_outbox_age_seconds{topic="x"}',
      'here: doorbuster_outbox_age_seconds has no topic',
    ],
    [
      'a label that is grouped by',
      'max by (order_id) (max by (sku) (doorbuster_stock_on_hand))',
      'here: doorbuster_stock_on_hand has no order_id',
    ],
    [
      'a bucket',
      'doorbuster_saga_duration_seconds_bucket{le="2"}',
      'here: doorbuster_saga_duration_seconds_bucket has no bucket 2',
    ],
    [
      'a label of a sum',
      'doorbuster_saga_duration_seconds_sum{le="2.5"}',
      'here: doorbuster_saga_duration_seconds_sum has no le',
    ],
  ])('then %s that is nowhere declared is found', (_what, expression, sentence) => {
    expect(ask(expression)).toContain(sentence);
  });

  test('then a label that is shown, and that nothing there has, is found', () => {
    expect(ask('doorbuster_dead_letters', 'service_name')).toEqual([]);
    expect(ask('doorbuster_dead_letters', 'topic')).toEqual(['here: shows topic, which nothing there has']);
  });
});

describe('When PromQL is read', () => {
  test('then every selector is found, with what is matched and grouped by around it', () => {
    const expression =
      'histogram_quantile(0.9, sum by (le, b) (rate(x_bucket{a="1", le="5"}[2m]))) > bool 3 * on (c) y';
    expect(usesIn(expression)).toEqual([
      { metric: 'x_bucket', labels: ['a', 'le', 'b'], le: '5' },
      { metric: 'y', labels: [], le: undefined },
    ]);
  });

  test('then what is no PromQL, or asks for no metric by its name, is an error', () => {
    expect(() => usesIn('sum(rate(x[1m])')).toThrow('no PromQL');
    expect(() => usesIn('{__name__=~"x.+"}')).toThrow('no name');
  });

  test('then the variables of a board are filled in', () => {
    expect(fillIn('rate(x{a=~"$service"}[$__rate_interval])')).toBe('rate(x{a=~".*"}[1m])');
    for (const { panels } of boards())
      for (const panel of panels)
        if (panel.type !== 'row')
          for (const { expr } of panel.targets) expect(fillIn(expr)).not.toContain('$');
  });
});

describe('When an alert fires', () => {
  const folder = 'docs/runbooks';
  const pages = filesUnder(folder).filter((file) => file !== `${folder}/README.md`);
  const pageOf = (alert: string) => `${folder}/${alert}.md`;

  test('then it says what is wrong in figures, how bad that is, and where its page is', () => {
    for (const { alert, labels, annotations } of rules()) {
      if (alert === undefined) continue;
      expect([alert, labels['severity']]).toEqual([alert, expect.stringMatching(/^(page|ticket)$/)]);
      expect(annotations).toEqual({
        summary: expect.stringMatching(/./),
        description: expect.stringMatching(/\d|\$value/),
        runbook: pageOf(alert),
      });
    }
  });

  test('then there is a page for it, and no page for anything else', () => {
    expect(alerts().map(pageOf).sort()).toEqual(pages.sort());
  });

  test('then the index leads to every page', () => {
    const { text } = readSource(`${folder}/README.md`);
    const links = [...text.matchAll(/\]\(([A-Z]\w+\.md)\)/g)].map(([, page]) => `${folder}/${page}`);
    expect([...new Set(links)].sort()).toEqual(pages.sort());
  });

  test.each(pages)('then %s says what it means, what to look at, what to do and when it is over', (page) => {
    const headings = [...readSource(page).text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([
      'What it means',
      'What customers notice',
      'Look here first',
      'The way to the span',
      'What to do',
      'How it clears',
    ]);
  });

  test('then it has been seen to fire, and not to', () => {
    const tests = filesUnder('observability/prometheus/tests')
      .map((file) => readSource(file).text)
      .join();
    for (const alert of alerts()) {
      const fires = tests.includes(`'ALERTS{alertname="${alert}", alertstate="firing"`);
      // An expectation without samples is followed by the next one, or by the next case.
      const isSilent = new RegExp(`expr: ALERTS\\{alertname="${alert}"[^\\n]*\\n {2,6}-`).test(tests);
      expect([alert, fires, isSilent]).toEqual([alert, true, true]);
    }
  });
});
