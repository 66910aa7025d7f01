-- Who replayed a dead letter, and why; where it was edited first, the id of the new message that it became.
alter table dead_letters
  add column replayed_by text,
  add column replay_why  text,
  add column replayed_as text;
