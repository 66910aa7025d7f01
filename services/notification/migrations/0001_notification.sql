create table notifications (
  order_id uuid not null,
  kind     text not null check (kind in ('confirmed', 'cancelled')),
  state    text not null check (state in ('due', 'sent', 'recorded')),
  version  integer not null,
  email    text not null,
  primary key (order_id, kind)
) with (fillfactor = 80);
comment on table notifications is
  'One row per order and kind, for good: the business key that keeps a customer from being told the same twice.';
comment on column notifications.order_id is 'The order';
comment on column notifications.kind     is 'What the customer is told';
comment on column notifications.state    is '`recorded` is the end where no mail server takes part';
comment on column notifications.version  is 'Grows by one with each change';
comment on column notifications.email    is 'Where the mail goes';
