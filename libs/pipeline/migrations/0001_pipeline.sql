-- What every service's database holds besides its own nouns. The queue-like tables are vacuumed early and often:
-- their rows live for milliseconds, and a scan must not wade through dead ones. What a table and a column is for
-- stands in its comment, and from there in docs/databases.

create table inbox (
  key         text not null,
  message_id  text not null,
  type        text not null,
  received_at timestamptz not null default now(),
  trace_id    text,
  version     integer,
  state       text,
  sent        text[],
  ignored     text,
  note        text,
  primary key (key, message_id)
);
create index inbox_received on inbox using brin (received_at);
comment on table inbox is
  'What was handled here: a message whose id is here already is a duplicate. In the order service the rows are the '
  'orders’ timelines as well, so what was no message, such as a deadline, has a row there too.';
comment on column inbox.message_id  is '`orderId/service/version/n`, and for what was no message `orderId/type/version`';
comment on column inbox.key         is 'The order';
comment on column inbox.type        is 'What came: a message type, `PlaceOrder` or `TimedOut`';
comment on column inbox.received_at is 'When the transaction began that handled it';
comment on column inbox.trace_id    is 'The trace in which it came';
comment on column inbox.version     is 'Timeline: the order’s version after it';
comment on column inbox.state       is 'Timeline: the order’s state after it';
comment on column inbox.sent        is 'Timeline: the types of the messages that were sent because of it';
comment on column inbox.ignored     is 'Timeline: why nothing came of it';
comment on column inbox.note        is 'Timeline: what a reader should know besides, such as who did it by hand';

create table outbox (
  id          bigint generated always as identity primary key,
  message_id  text not null,
  topic       text not null,
  key         text not null,
  type        text not null,
  decided_at  timestamptz not null default now(),
  traceparent text,
  data        text not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
comment on table outbox is
  'Messages that are decided and not yet in Kafka. The relay publishes them in the order of their ids, then deletes '
  'them.';
comment on column outbox.id          is 'Drawn while the order’s row is locked, so one order’s messages keep their order';
comment on column outbox.message_id  is '`orderId/service/version/n`: a message that is sent again is the same message';
comment on column outbox.topic       is 'Where it goes';
comment on column outbox.key         is 'The order, so that all about it goes to one partition';
comment on column outbox.type        is 'The message type';
comment on column outbox.decided_at  is 'When the transaction began that decided it; the age of the oldest row is the lag';
comment on column outbox.traceparent is 'W3C trace context of the decision';
comment on column outbox.data        is 'The message’s data, in the very bytes that are sent';

create table effects (
  key         text primary key,
  order_id    text not null,
  type        text not null,
  data        jsonb not null,
  traceparent text,
  attempts    integer not null default 0,
  due_at      timestamptz not null default now(),
  parked_at   timestamptz,
  last_error  text,
  decided_at  timestamptz not null default now()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
create index effects_due on effects (due_at) where parked_at is null;
comment on table effects is
  'Calls to the outside world that are decided and not yet answered. A runner claims those that are due; the answer '
  'deletes its row.';
comment on column effects.key         is '`orderId:operation`, by which the other side recognises a call that is repeated';
comment on column effects.order_id    is 'The order';
comment on column effects.type        is 'The operation, such as `acquirer.capture`';
comment on column effects.data        is 'What the other side is told';
comment on column effects.traceparent is 'W3C trace context of the decision';
comment on column effects.attempts    is 'How often the call was begun';
comment on column effects.due_at      is 'When to call; once it is claimed, when the claim runs out';
comment on column effects.parked_at   is 'When its attempts were used up: it waits for an operator';
comment on column effects.last_error  is 'How the last attempt failed';
comment on column effects.decided_at  is 'When the transaction began that decided it';

create table deadlines (
  key     text primary key,
  version integer not null,
  due_at  timestamptz not null
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0);
comment on table deadlines is 'When somebody has to ask what became of an order: one row for each that is open.';
comment on column deadlines.key     is 'The order';
comment on column deadlines.version is 'The version that it was set for; for a newer one it means nothing';
comment on column deadlines.due_at  is 'When it passes, by the database’s clock';

create table dead_letters (
  id          bigint generated always as identity primary key,
  topic       text not null,
  partition   integer not null,
  position    bigint not null,
  message_id  text,
  type        text,
  key         text not null,
  headers     jsonb not null,
  value       bytea not null,
  reason      text not null,
  detail      text not null,
  count       integer not null default 1,
  first_at    timestamptz not null default now(),
  last_at     timestamptz not null default now(),
  replayed_at timestamptz,
  replayed_by text,
  replay_why  text,
  replayed_as text,
  unique (topic, partition, position)
);
comment on table dead_letters is 'Messages that nobody here could handle, with every byte as it came.';
comment on column dead_letters.id          is 'What operators call it by';
comment on column dead_letters.topic       is 'Where it came from';
comment on column dead_letters.partition   is 'Where it came from';
comment on column dead_letters.position    is 'Its offset in the partition';
comment on column dead_letters.message_id  is 'Its id, where it has one';
comment on column dead_letters.type        is 'Its type, where it has one';
comment on column dead_letters.key         is 'The order, as the record’s key says';
comment on column dead_letters.headers     is 'The record’s headers, its trace context among them';
comment on column dead_letters.value       is 'The record’s bytes';
comment on column dead_letters.reason      is 'Why it is here, as one of a few words';
comment on column dead_letters.detail      is 'Why it is here, as the error said it';
comment on column dead_letters.count       is 'How often it came';
comment on column dead_letters.first_at    is 'When it came first';
comment on column dead_letters.last_at     is 'When it came last';
comment on column dead_letters.replayed_at is 'When an operator sent it through again';
comment on column dead_letters.replayed_by is 'Who did';
comment on column dead_letters.replay_why  is 'Why they did';
comment on column dead_letters.replayed_as is 'The id of the message that took its place, where it was edited';

create table stopped_duplicates (
  stopped_by text primary key,
  count      bigint not null
);
comment on table stopped_duplicates is 'How often something came twice and was stopped. Written only when it happens.';
comment on column stopped_duplicates.stopped_by is 'By what: `inbox` or `business key`';
comment on column stopped_duplicates.count      is 'How often';

create table interventions (
  at       timestamptz not null default now(),
  action   text not null check (action in ('retry', 'resolve')),
  order_id text not null,
  by       text not null,
  why      text not null
);
comment on table interventions is
  'What operators did about parked effects, written in the transaction in which it happened.';
comment on column interventions.at       is 'When';
comment on column interventions.action   is 'To call once more, or to take the operator’s word for an answer';
comment on column interventions.order_id is 'The order';
comment on column interventions.by       is 'Who';
comment on column interventions.why      is 'Why';

create view operator_actions as
  select at, action || ' parked effect' as action, order_id as subject, by, why from interventions
  union all
  select replayed_at, case when replayed_as is null then 'replay' else 'edit' end || ' dead letter', id::text,
         replayed_by, replay_why
  from dead_letters where replayed_at is not null;
comment on view operator_actions is 'Everything that was ever done here by hand.';
comment on column operator_actions.at      is 'When';
comment on column operator_actions.action  is 'What';
comment on column operator_actions.subject is 'To what: an order’s id, or a dead letter’s';
comment on column operator_actions.by      is 'Who';
comment on column operator_actions.why     is 'Why';
