-- Terminals, as the office knows them. Part of the register; times are seconds since 1970, UTC.

-- One row a place where a terminal stands; the machine there may change, the name stays. settings: JSON.
CREATE TABLE IF NOT EXISTS terminal (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    site TEXT NOT NULL,
    added BIGINT NOT NULL,
    settings TEXT NOT NULL
);

-- The public keys that asked for a place, or have one. state: terminals.KeyState, since when it has it.
-- nonce: of its enrolment, NULL for a renewed key; renews: the key that it takes over from.
CREATE TABLE IF NOT EXISTS terminal_key (
    key_id TEXT NOT NULL PRIMARY KEY,
    terminal INTEGER NOT NULL,
    public BYTEA NOT NULL,
    state SMALLINT NOT NULL,
    since BIGINT NOT NULL,
    nonce BYTEA,
    renews TEXT
);
CREATE INDEX IF NOT EXISTS terminal_key_terminal ON terminal_key (terminal);

-- One-time codes, as SHA-256 only; key_id: who used it.
CREATE TABLE IF NOT EXISTS enrolment_code (
    hash BYTEA NOT NULL PRIMARY KEY,
    terminal INTEGER NOT NULL,
    expires BIGINT NOT NULL,
    key_id TEXT
);

-- The newest self-test of each terminal, as it was sent.
CREATE TABLE IF NOT EXISTS readiness (
    terminal INTEGER NOT NULL PRIMARY KEY,
    received BIGINT NOT NULL,
    body BYTEA NOT NULL
);
