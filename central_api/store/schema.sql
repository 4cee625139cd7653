-- The office's register. Plain SQL that SQLite and PostgreSQL both run; times are seconds since 1970, UTC.

-- Every table that an application follows, as it was written: an edited file never changes what is under way.
CREATE TABLE workflow (
    family SMALLINT NOT NULL,
    version SMALLINT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (family, version)
);

-- One row an application. standing: CBOR of where it is. unit: whose turn it is (role + 32 * region), or nobody's;
-- since: it came to where it is.
CREATE TABLE application (
    id INTEGER PRIMARY KEY,
    tracking BIGINT NOT NULL UNIQUE,
    family SMALLINT NOT NULL,
    kind SMALLINT NOT NULL,
    workflow SMALLINT NOT NULL,
    region SMALLINT NOT NULL,
    filed_at SMALLINT NOT NULL,
    language SMALLINT NOT NULL,
    secret_id SMALLINT NOT NULL,
    issue SMALLINT NOT NULL,
    slot BYTEA NOT NULL,
    system SMALLINT,
    legacy_number TEXT,
    unit SMALLINT,
    since BIGINT,
    standing BYTEA NOT NULL
);
CREATE UNIQUE INDEX application_legacy ON application (system, legacy_number) WHERE system IS NOT NULL;
CREATE INDEX application_queue ON application (unit, since) WHERE unit IS NOT NULL;

-- The event log. position and head (of the audit chain, after this event) are the publisher's, in commit order.
-- application is NULL for what happens to a unit.
CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    application INTEGER,
    body BYTEA NOT NULL,
    position INTEGER,
    head BYTEA
);
CREATE INDEX event_application ON event (application, seq);
CREATE INDEX event_pending ON event (seq) WHERE position IS NULL;
CREATE UNIQUE INDEX event_position ON event (position) WHERE position IS NOT NULL;

-- What an event holds as a salted digest only. Erasing a row by law leaves the chain whole.
CREATE TABLE personal (
    event INTEGER NOT NULL,
    field SMALLINT NOT NULL,
    salt BYTEA NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (event, field)
);

-- What lies at each slot: a sealed status, or the reason why none does.
CREATE TABLE sealed (
    slot BYTEA NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    sealed BYTEA,
    reason SMALLINT
);
CREATE INDEX sealed_version ON sealed (version);

-- The slots of slips that a new issue made worthless, by the event that did it.
CREATE TABLE retired (
    event INTEGER NOT NULL PRIMARY KEY,
    slot BYTEA NOT NULL
);

-- Units that do not work at present.
CREATE TABLE suspension (
    unit SMALLINT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL
);

-- Failures counted before a secret is compared. subject names what is counted; locks, how often it was locked.
CREATE TABLE throttle (
    subject TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    since BIGINT NOT NULL,
    locks INTEGER NOT NULL,
    locked_until BIGINT NOT NULL
);

-- The rows of older systems that were applied: the same row is never applied twice.
CREATE TABLE imported (
    application INTEGER NOT NULL,
    fingerprint BIGINT NOT NULL,
    PRIMARY KEY (application, fingerprint)
);
