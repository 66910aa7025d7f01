-- One row per order and kind, for good: the business key that keeps a customer from being told the same twice.
create table notifications (
  order_id uuid not null,
  kind     text not null check (kind in ('confirmed', 'cancelled')),
  state    text not null check (state in ('due', 'sent')),
  version  integer not null,
  email    text not null,
  primary key (order_id, kind)
) with (fillfactor = 80);
