-- The books of a card network. They know nothing of the shop but order ids and keys.
create table charges (
  key          text primary key,
  order_id     uuid not null,
  amount_cents bigint not null check (amount_cents >= 0),
  currency     text not null,
  card         text not null,
  state        text not null check (state in ('captured', 'declined')),
  reason       text,
  at           timestamptz not null default clock_timestamp()
);
create index charges_of_order on charges (order_id);
comment on table charges is 'What was asked for, each by its key, and what became of it.';
comment on column charges.key          is 'What the shop calls it by: asked again, the charge is the same';
comment on column charges.order_id     is 'The order';
comment on column charges.amount_cents is 'What was asked for';
comment on column charges.currency     is 'In which currency';
comment on column charges.card         is 'The token of the card';
comment on column charges.state        is 'What became of it';
comment on column charges.reason       is 'Why it was declined';
comment on column charges.at           is 'When';

create table refunds (
  charge_key   text primary key references charges,
  order_id     uuid not null,
  amount_cents bigint not null,
  at           timestamptz not null default clock_timestamp()
);
create index refunds_of_order on refunds (order_id);
comment on table refunds is 'What was given back, once per charge.';
comment on column refunds.charge_key   is 'The charge';
comment on column refunds.order_id     is 'The order';
comment on column refunds.amount_cents is 'How much';
comment on column refunds.at           is 'When';

create table closures (
  order_id       uuid primary key,
  captured_cents bigint not null,
  refunded_cents bigint not null check (refunded_cents <= captured_cents),
  at             timestamptz not null default clock_timestamp()
);
comment on table closures is 'The orders under which nothing can be charged any more.';
comment on column closures.order_id       is 'The order';
comment on column closures.captured_cents is 'What had been taken under it';
comment on column closures.refunded_cents is 'What was given back of that';
comment on column closures.at             is 'When';

create function charge(p_keys text[], p_orders uuid[], p_amounts bigint[], p_currencies text[], p_cards text[],
                       p_declines text[])
returns setof charges language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(id::text, 0))
    from (select distinct unnest(p_orders) as id order by id) as orders;
  insert into charges (key, order_id, amount_cents, currency, card, state, reason)
    select key, asked.order_id, amount, currency, card, case when why is null then 'captured' else 'declined' end, why
    from unnest(p_keys, p_orders, p_amounts, p_currencies, p_cards, p_declines)
           as asked (key, order_id, amount, currency, card, decline)
         left join closures on closures.order_id = asked.order_id,
         lateral (select case when closures.order_id is null then decline else 'order closed' end as why)
    on conflict do nothing;
  return query select * from charges where key = any(p_keys);
end $$;
comment on function charge (text[], uuid[], bigint[], text[], text[], text[]) is
  'Charges, or says what became of the same charges before. Orders are locked in the order of their ids, so that a '
  'charge and a closing never pass each other, and two batches never wait for each other both.';

create function close_order(p_order uuid) returns setof closures language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(p_order::text, 0));
  insert into refunds (charge_key, order_id, amount_cents)
    select key, order_id, amount_cents from charges where order_id = p_order and state = 'captured'
    on conflict do nothing;
  insert into closures (order_id, captured_cents, refunded_cents)
    select p_order,
           coalesce((select sum(amount_cents) from charges where order_id = p_order and state = 'captured'), 0),
           coalesce((select sum(amount_cents) from refunds where order_id = p_order), 0)
    on conflict do nothing;
  return query select * from closures where order_id = p_order;
end $$;
comment on function close_order (uuid) is
  'Gives back whatever was captured under the order and closes it for good; asked again, it says the same.';
