-- What the shop sells, and for how much. An order keeps the prices that it was accepted at.
create table products (
  sku         text primary key,
  name        text not null,
  price_cents bigint not null check (price_cents >= 0)
);

-- One row is the order and its saga, so an order without a saga, or with two, cannot be written down.
create table orders (
  id             uuid primary key,
  customer_id    text not null,
  email          text not null,
  card           text not null,
  lines          jsonb not null,
  total_cents    bigint not null check (total_cents >= 0),
  placed_at      timestamptz not null,
  state          text not null,
  version        integer not null,
  retries        integer not null,
  reason         text,
  refunded_cents bigint not null default 0 check (refunded_cents >= 0)
) with (fillfactor = 80);

-- Which answer was given to which key. The customer's id is a scope, so that keys do not collide; it is no secret.
create table idempotency (
  customer_id text not null,
  key         text not null,
  body_hash   bytea not null,
  order_id    uuid not null,
  primary key (customer_id, key)
);

-- The timeline of one order.
create index inbox_of_order on inbox (key);
