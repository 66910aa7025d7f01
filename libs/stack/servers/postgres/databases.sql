-- A database per service: none can see another's rows. In containers PostgreSQL runs this file by itself when its data
-- folder is new; without them libs/stack/src/servers/postgres.ts does.
-- By copying files: there is no load yet for which a checkpoint would be too dear.
CREATE DATABASE "order" STRATEGY file_copy;
CREATE DATABASE payment STRATEGY file_copy;
CREATE DATABASE inventory STRATEGY file_copy;
CREATE DATABASE notification STRATEGY file_copy;
CREATE DATABASE acquirer STRATEGY file_copy;
