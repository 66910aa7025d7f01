-- The counts. Whatever happens, on hand + reserved + sold = initial + restocked, and nothing is ever below zero.
create table stock (
  sku       text primary key,
  initial   bigint not null check (initial >= 0),
  restocked bigint not null default 0 check (restocked >= 0),
  on_hand   bigint not null check (on_hand >= 0),
  reserved  bigint not null default 0 check (reserved >= 0),
  sold      bigint not null default 0 check (sold >= 0),
  check (on_hand + reserved + sold = initial + restocked)
) with (fillfactor = 50);

-- One row per order, for good: it is the business key that keeps a reservation from happening twice, and where a
-- release came before its reservation it is the tombstone that refuses the late one.
create table reservations (
  order_id uuid primary key,
  state    text not null check (state in ('reserved', 'rejected', 'released', 'committed')),
  version  integer not null,
  lines    jsonb not null,
  short    jsonb not null
) with (fillfactor = 80);
