-- A database per service, and a role that owns it and nothing else: none can see another's rows, none can make roles or
-- databases. In containers PostgreSQL runs this file by itself when its data folder is new, and psql takes the passwords
-- from the environment; without them libs/stack/src/servers/postgres.ts runs it, and puts the passwords in itself.
\getenv order_password ORDER_PASSWORD
\getenv payment_password PAYMENT_PASSWORD
\getenv inventory_password INVENTORY_PASSWORD
\getenv notification_password NOTIFICATION_PASSWORD
\getenv acquirer_password ACQUIRER_PASSWORD
\getenv auditor_password AUDITOR_PASSWORD

-- A service brings its own tables to its version at its start, so its role owns them.
CREATE ROLE "order" LOGIN PASSWORD :'order_password';
CREATE ROLE payment LOGIN PASSWORD :'payment_password';
CREATE ROLE inventory LOGIN PASSWORD :'inventory_password';
CREATE ROLE notification LOGIN PASSWORD :'notification_password';
CREATE ROLE acquirer LOGIN PASSWORD :'acquirer_password';
-- Reads everything and writes nothing: who judges the books must not be able to mend them.
CREATE ROLE auditor LOGIN PASSWORD :'auditor_password' IN ROLE pg_read_all_data;

-- By copying files: there is no load yet for which a checkpoint would be too dear.
CREATE DATABASE "order" OWNER "order" STRATEGY file_copy;
CREATE DATABASE payment OWNER payment STRATEGY file_copy;
CREATE DATABASE inventory OWNER inventory STRATEGY file_copy;
CREATE DATABASE notification OWNER notification STRATEGY file_copy;
CREATE DATABASE acquirer OWNER acquirer STRATEGY file_copy;

-- By default everybody may connect everywhere.
REVOKE ALL ON DATABASE "order", payment, inventory, notification, acquirer, postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE "order", payment, inventory, notification, acquirer TO auditor;
