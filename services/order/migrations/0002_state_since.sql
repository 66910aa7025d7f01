alter table orders add column state_since timestamptz not null default now();
comment on column orders.state_since is 'When it came to this state, by the database’s clock';
