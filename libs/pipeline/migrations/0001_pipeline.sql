-- What every service's database holds besides its own nouns. The queue-like tables are vacuumed early and often:
-- their rows live for milliseconds, and a scan must not wade through dead ones.

-- One row per message that was handled here: the dedupe, and in the order service the order's timeline as well.
create table inbox (
  message_id  text primary key,
  key         text not null,
  type        text not null,
  received_at timestamptz not null default now(),
  trace_id    text,
  version     integer,
  state       text,
  sent        text[],
  ignored     text,
  note        text
) with (fillfactor = 80);

-- Messages that are decided and not yet in Kafka. The relay publishes them in the order of their ids.
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

-- Calls to the outside world that are decided and not yet answered. A claimed row is due again when its lease,
-- which is its due_at, runs out.
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

-- When somebody has to ask what became of an order. `version` is the state that the deadline was set for.
create table deadlines (
  key     text primary key,
  version integer not null,
  due_at  timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
create index deadlines_due on deadlines (due_at);

-- Messages that nobody here could handle, with every byte as it came.
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

-- How often something came twice and was stopped, by what stopped it. Written only when it happens.
create table stopped_duplicates (
  stopped_by text primary key,
  count      bigint not null
);

-- What operators did about parked effects, written in the transaction in which it happened.
create table interventions (
  id       bigint generated always as identity primary key,
  at       timestamptz not null default now(),
  action   text not null check (action in ('retry', 'resolve')),
  order_id text not null,
  by       text not null,
  why      text not null
);

-- Everything that was ever done here by hand.
create view operator_actions as
  select at, action || ' parked effect' as action, order_id as subject, by, why from interventions
  union all
  select replayed_at, case when replayed_as is null then 'replay' else 'edit' end || ' dead letter', id::text,
         replayed_by, replay_why
  from dead_letters where replayed_at is not null;
