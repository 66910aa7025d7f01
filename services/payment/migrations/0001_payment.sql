create table payments (
  order_id       uuid primary key,
  state          text not null check (state in ('pending', 'captured', 'declined', 'closing', 'closed')),
  version        integer not null,
  amount_cents   bigint not null check (amount_cents >= 0),
  captured_cents bigint not null check (captured_cents between 0 and amount_cents),
  refunded_cents bigint not null check (refunded_cents between 0 and captured_cents),
  reason         text,
  by_hand        jsonb
) with (fillfactor = 80);
comment on table payments is
  'One row per order, for good: the business key that keeps anybody from being charged twice. What the card network '
  'says is the truth; this is what we know of it.';
comment on column payments.order_id       is 'The order';
comment on column payments.state          is 'How far it has come; `closed` is for good, and refuses a late capture';
comment on column payments.version        is 'Grows by one with each change, and numbers the messages';
comment on column payments.amount_cents   is 'What was to be taken';
comment on column payments.captured_cents is 'What was taken';
comment on column payments.refunded_cents is 'What was given back';
comment on column payments.reason         is 'Why it was declined';
comment on column payments.by_hand        is 'Who gave the money back where the card network would not: `{by, why}`';
