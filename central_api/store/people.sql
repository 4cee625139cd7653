-- The people of the office, what they hold, who stands in for whom, and what is kept beside applications for them.

-- duty: 1 officer, 2 administrator, 3 auditor. password: argon2id, NULL until joined by invitation (the digest of its
-- code). totp: sealed under secrets/people-key; totp_step: the last time step taken, so that no code is taken twice.
-- phone and card (its index) tell which applications are his own.
CREATE TABLE IF NOT EXISTS account (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    duty SMALLINT NOT NULL,
    language TEXT NOT NULL,
    phone TEXT,
    card TEXT,
    password TEXT,
    totp BYTEA,
    totp_step BIGINT NOT NULL DEFAULT 0,
    invitation BYTEA,
    invited_until BIGINT NOT NULL DEFAULT 0,
    disabled BIGINT,
    acted BIGINT
);

-- unit: role + 32 * region.
CREATE TABLE IF NOT EXISTS unit_held (
    account INTEGER NOT NULL,
    unit SMALLINT NOT NULL,
    PRIMARY KEY (account, unit)
);

-- first_day, last_day: days since 1970. Rows stay; ended: taken back at.
CREATE TABLE IF NOT EXISTS deputation (
    id INTEGER PRIMARY KEY,
    absent INTEGER NOT NULL,
    deputy INTEGER NOT NULL,
    unit SMALLINT NOT NULL,
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    made_by INTEGER NOT NULL,
    ended BIGINT
);

-- By the digest of what the browser's cookie holds.
CREATE TABLE IF NOT EXISTS session (
    digest BYTEA NOT NULL PRIMARY KEY,
    account INTEGER NOT NULL,
    began BIGINT NOT NULL,
    seen BIGINT NOT NULL
);

-- A form that was answered is answered alike when it is sent again.
CREATE TABLE IF NOT EXISTS answered (
    form TEXT NOT NULL PRIMARY KEY,
    account INTEGER NOT NULL,
    at BIGINT NOT NULL,
    answer TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS note (
    event INTEGER NOT NULL PRIMARY KEY,
    application INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS note_application ON note (application);

-- How names of applicants and companies sound, word by word, for searching: erased with the value.
CREATE TABLE IF NOT EXISTS sound (
    sound TEXT NOT NULL,
    application INTEGER NOT NULL,
    PRIMARY KEY (sound, application)
);

CREATE INDEX IF NOT EXISTS personal_phone ON personal (value) WHERE field = 1;

-- Keys of older systems that feed: digest of the key, the families it may touch (codes, comma between).
CREATE TABLE IF NOT EXISTS feeder (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    digest BYTEA NOT NULL UNIQUE,
    families TEXT NOT NULL,
    made BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    revoked BIGINT
);

-- Files of older systems whose first slip was drawn.
CREATE TABLE IF NOT EXISTS slip_drawn (
    application INTEGER NOT NULL PRIMARY KEY
);
