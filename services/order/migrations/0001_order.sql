create table products (
  sku         text primary key,
  name        text not null,
  price_cents bigint not null check (price_cents >= 0)
);
comment on table products is
  'What the shop sells, and for how much. An order keeps the prices that it was accepted at.';
comment on column products.sku         is 'The product';
comment on column products.name        is 'What customers know it by';
comment on column products.price_cents is 'What one of it costs, in pence';

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
comment on table orders is
  'One row is the order and its saga, so an order without a saga, or with two, cannot be written down.';
comment on column orders.id             is 'UUIDv7: it sorts by the time of placing, so new orders share index pages';
comment on column orders.customer_id    is 'Who ordered';
comment on column orders.email          is 'Where they are told';
comment on column orders.card           is 'A token that stands for their card';
comment on column orders.lines          is 'What they ordered, at the prices of that moment: `[{sku, quantity, priceCents}]`';
comment on column orders.total_cents    is 'What it costs, in pence';
comment on column orders.placed_at      is 'When it was placed, by the clock of the instance that took it';
comment on column orders.state          is 'Where the saga stands, one of the states of its table';
comment on column orders.version        is 'Grows by one with each step of the saga, and numbers its messages';
comment on column orders.retries        is 'How often the saga has asked again in this state';
comment on column orders.reason         is 'Why it was cancelled';
comment on column orders.refunded_cents is 'What was given back, in pence';

create table idempotency (
  customer_id text not null,
  key         text not null,
  body_hash   bytea not null,
  order_id    uuid not null,
  primary key (customer_id, key)
);
comment on table idempotency is
  'Which order was placed under which key, so that the same request again gets the same answer.';
comment on column idempotency.customer_id is 'Scopes the key, so that keys of customers do not collide; it is no secret';
comment on column idempotency.key         is 'The `Idempotency-Key` of the request';
comment on column idempotency.body_hash   is 'SHA-256 of the body, to refuse another one under the same key';
comment on column idempotency.order_id    is 'The order, from which the answer is made again';
