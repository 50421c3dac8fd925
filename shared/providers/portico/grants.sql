-- The least that Lockstep's role needs. Column by column, so that the database itself keeps customer_ssn, other identity
-- numbers and the tokens in `secret` from it. Make the role first: CREATE ROLE lockstep LOGIN PASSWORD '…';

-- Reading.
GRANT SELECT (id, active, from_, to_, is_public, name, organizer, description, contact_name, contact_email, building_id) ON bb_event TO lockstep;
GRANT SELECT (id, active, from_, to_, group_id, allocation_id) ON bb_booking TO lockstep;
GRANT SELECT (id, active, from_, to_, organization_id) ON bb_allocation TO lockstep;
GRANT SELECT ON bb_event_resource, bb_booking_resource, bb_allocation_resource TO lockstep;
GRANT SELECT (id, name, organization_id) ON bb_group TO lockstep;
GRANT SELECT (id, name) ON bb_organization TO lockstep;
GRANT SELECT ON bb_building_resource TO lockstep;
GRANT SELECT (id, name) ON bb_building TO lockstep;
GRANT SELECT (id, active, activity_id) ON bb_resource TO lockstep;

-- Cancelling, and taking a cancellation back.
GRANT UPDATE (active) ON bb_event, bb_booking, bb_allocation TO lockstep;

-- Moving to another time or room. `UPDATE` of one column is also what `FOR UPDATE` asks.
GRANT UPDATE (from_, to_) ON bb_event, bb_booking, bb_allocation TO lockstep;
GRANT SELECT (event_id, from_, to_), UPDATE (from_, to_) ON bb_event_date TO lockstep;
GRANT UPDATE (resource_id) ON bb_event_resource, bb_booking_resource, bb_allocation_resource TO lockstep;
GRANT UPDATE (building_id, building_name, name, organizer, description, contact_email) ON bb_event TO lockstep;

-- Creating: run lockstep-import.sql before. Leave all below out where `create` is not set.
GRANT INSERT (activity_id, name, organizer, contact_name, description, from_, to_, building_id, building_name, contact_email, contact_phone, is_public, active, secret), UPDATE (id_string) ON bb_event TO lockstep;
GRANT INSERT (event_id, from_, to_) ON bb_event_date TO lockstep;
GRANT INSERT ON bb_event_resource, bb_event_agegroup, bb_event_targetaudience TO lockstep;
GRANT SELECT (key, event_id), INSERT (key, event_id) ON lockstep_import TO lockstep;
-- The sequences behind the two ids; `\d bb_event` shows their names where these are others.
GRANT USAGE ON SEQUENCE seq_bb_event, seq_bb_event_date TO lockstep;
