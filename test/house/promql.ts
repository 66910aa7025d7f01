import { parser } from '@prometheus-io/lezer-promql';

type Node = ReturnType<typeof parser.parse>['topNode'];

/** A metric that an expression asks for, with the labels that it needs to have there. */
export interface Use {
  metric: string;
  labels: string[];
  /** The bucket that it asks for, where it names one. */
  le: string | undefined;
}

/** What Grafana fills into an expression, as something that could be there. */
const filledIn: Record<string, string> = { $__rate_interval: '1m' };

/** An expression of a board as Prometheus could get it: of every service and every instance. */
export const fillIn = (expression: string): string =>
  expression.replaceAll(/\$\w+/g, (variable) => filledIn[variable] ?? '.*');

/**
 * Reads what a PromQL expression asks for: each selector with the labels that it matches or that are grouped by.
 * @throws when it is no expression, or selects without a name
 */
export function usesIn(expression: string): Use[] {
  const textOf = ({ from, to }: Node) => expression.slice(from, to);
  const uses: Use[] = [];
  parser.parse(expression).iterate({
    enter({ type, node }) {
      if (type.isError) throw new Error(`This is no PromQL from character ${node.from} on: ${expression}`);
      if (type.name !== 'VectorSelector') return;
      const name = node.getChild('Identifier');
      if (name === null) throw new Error(`A selector has no name: ${expression}`);
      const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
      const matched = new Map(
        matchers.map((matcher) => {
          const [label, value] = [matcher.getChild('LabelName'), matcher.getChild('StringLiteral')];
          return [label === null ? '' : textOf(label), value === null ? '' : textOf(value).slice(1, -1)];
        }),
      );
      const labels = [...matched.keys(), ...groupingsAround(node).map(textOf)];
      uses.push({ metric: textOf(name), labels: [...new Set(labels)], le: matched.get('le') });
    },
  });
  return uses;
}

/** The selectors of an expression, as they stand there, without their windows. */
export function selectorsIn(expression: string): string[] {
  const selectors: string[] = [];
  parser.parse(expression).iterate({
    enter({ type, from, to }) {
      if (type.name === 'VectorSelector') selectors.push(expression.slice(from, to));
    },
  });
  return selectors;
}

/** The labels that are kept by the aggregations around a selector, which therefore has to have them. */
function groupingsAround(selector: Node): Node[] {
  const labels: Node[] = [];
  for (let node = selector.parent; node !== null; node = node.parent) {
    const modifier = node.name === 'AggregateExpr' ? node.getChild('AggregateModifier') : null;
    if (modifier?.getChild('By'))
      labels.push(...(modifier.getChild('GroupingLabels')?.getChildren('LabelName') ?? []));
  }
  return labels;
}
