-- One row per order, for good: the business key that keeps anybody from being charged twice. What the card network
-- says is the truth; this is what we know of it.
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
