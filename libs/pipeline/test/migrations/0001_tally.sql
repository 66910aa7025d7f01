create table tallies (
  order_id text primary key,
  version  integer not null,
  seen     integer not null check (seen < 1000)
);
