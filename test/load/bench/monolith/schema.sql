-- The monolith's one database. It keeps what the shop keeps of an order in as few rows as will do: a reservation
-- begins and ends in the same transaction, so the counts alone tell of it.
create table products (
  sku         text primary key,
  name        text not null,
  price_cents bigint not null check (price_cents >= 0),
  initial     bigint not null check (initial >= 0),
  on_hand     bigint not null check (on_hand >= 0),
  sold        bigint not null default 0 check (on_hand + sold = initial)
) with (fillfactor = 50);

create table orders (
  id          uuid primary key,
  customer_id text not null,
  email       text not null,
  card        text not null,
  lines       jsonb not null,
  total_cents bigint not null check (total_cents >= 0),
  placed_at   timestamptz not null,
  state       text not null check (state in ('confirmed', 'cancelled')),
  reason      text
);

create table idempotency (
  customer_id text not null,
  key         text not null,
  body_hash   bytea not null,
  order_id    uuid not null,
  primary key (customer_id, key)
);

-- The books of the card network, which is in-process here.
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

create table notifications (
  order_id uuid not null,
  kind     text not null check (kind in ('confirmed', 'cancelled')),
  email    text not null,
  primary key (order_id, kind)
);

-- The whole order. A key that was used before changes nothing and gives the order it was used for. What everybody
-- wants is locked last, in the order of the SKUs, which come sorted: so the locks are held for the shortest time.
-- One SKU too few undoes everything by an exception; the caller comes again and says that it is out of stock.
create function place_order(
  p_id uuid, p_customer text, p_email text, p_key text, p_hash bytea, p_card text, p_declined text,
  p_lines jsonb, p_skus text[], p_quantities int[], p_total bigint, p_placed_at timestamptz, p_out_of_stock boolean
) returns table (outcome text, id uuid, lines jsonb, total_cents bigint, placed_at timestamptz, state text)
language plpgsql as $$
#variable_conflict use_column
declare
  v_reason text := case when p_out_of_stock then 'out-of-stock' when p_declined is not null then 'card-declined' end;
  v_state  text := case when v_reason is null then 'confirmed' else 'cancelled' end;
begin
  insert into idempotency (customer_id, key, body_hash, order_id) values (p_customer, p_key, p_hash, p_id)
    on conflict do nothing;
  if not found then
    return query
      select case when i.body_hash = p_hash then 'replayed' else 'conflict' end,
             o.id, o.lines, o.total_cents, o.placed_at, o.state
      from idempotency i join orders o on o.id = i.order_id
      where i.customer_id = p_customer and i.key = p_key;
    return;
  end if;
  if not p_out_of_stock then
    insert into charges (key, order_id, amount_cents, currency, card, state, reason)
      values (p_id || ':acquirer.capture', p_id, p_total, 'GBP', p_card,
              case when p_declined is null then 'captured' else 'declined' end, p_declined);
  end if;
  insert into orders values (p_id, p_customer, p_email, p_card, p_lines, p_total, p_placed_at, v_state, v_reason);
  insert into notifications values (p_id, v_state, p_email);
  if v_reason is null then
    for i in 1 .. cardinality(p_skus) loop
      update products set on_hand = on_hand - p_quantities[i], sold = sold + p_quantities[i]
        where sku = p_skus[i] and on_hand >= p_quantities[i];
      if not found then raise exception 'too few of %', p_skus[i] using errcode = 'DB001'; end if;
    end loop;
  end if;
  return query select 'placed', p_id, p_lines, p_total, p_placed_at, v_state;
end $$;
