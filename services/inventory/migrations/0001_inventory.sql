create table stock (
  sku       text primary key,
  initial   bigint not null check (initial >= 0),
  restocked bigint not null default 0 check (restocked >= 0),
  on_hand   bigint not null check (on_hand >= 0),
  reserved  bigint not null default 0 check (reserved >= 0),
  sold      bigint not null default 0 check (sold >= 0),
  check (on_hand + reserved + sold = initial + restocked)
) with (fillfactor = 50);
comment on table stock is
  'The counts. Whatever happens, on hand + reserved + sold = initial + restocked, and nothing is ever below zero.';
comment on column stock.sku       is 'The product';
comment on column stock.initial   is 'How many there were at first';
comment on column stock.restocked is 'How many have come in since';
comment on column stock.on_hand   is 'How many can be had';
comment on column stock.reserved  is 'How many are kept for open orders';
comment on column stock.sold      is 'How many have left with confirmed orders';

create table reservations (
  order_id uuid primary key,
  state    text not null check (state in ('reserved', 'rejected', 'released', 'committed')),
  version  integer not null,
  lines    jsonb not null,
  short    jsonb not null
) with (fillfactor = 80);
comment on table reservations is
  'One row per order, for good: it is the business key that keeps a reservation from happening twice, and where a '
  'release came before its reservation it is the tombstone that refuses the late one.';
comment on column reservations.order_id is 'The order';
comment on column reservations.state    is 'What became of it';
comment on column reservations.version  is 'Grows by one with each change, and numbers the messages';
comment on column reservations.lines    is 'What is held: `[{sku, quantity}]`';
comment on column reservations.short    is 'What was missing where it was rejected: `[{sku, requested, available}]`';
