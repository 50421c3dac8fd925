-- Run once on Portico's database, by its owner, where Lockstep is to create events (setting `create`).
-- Which event was made for which order, so that an order repeated after a lost answer makes no second event.
-- No foreign key: Portico deletes its events without knowing this table.
CREATE TABLE IF NOT EXISTS lockstep_import (
  key varchar(100) PRIMARY KEY,
  event_id integer NOT NULL UNIQUE,
  made timestamptz NOT NULL DEFAULT now()
);
