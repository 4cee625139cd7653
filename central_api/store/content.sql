-- What terminals tell every visitor. Part of the register; times are seconds since 1970, UTC.

-- Every publication: its source as it was edited, and the contract's bytes, which are signed when they are asked for.
CREATE TABLE IF NOT EXISTS content (
    number INTEGER PRIMARY KEY,
    effective BIGINT NOT NULL,
    published BIGINT NOT NULL,
    source TEXT NOT NULL,
    body BYTEA NOT NULL
);

-- Readers of workers' rights, as terminals counted them: only ever more. tally: the count's own name (8 random bytes),
-- which stays when the machine becomes another terminal; terminal: who told it last.
CREATE TABLE IF NOT EXISTS reader (
    tally BYTEA NOT NULL,
    topic TEXT NOT NULL,
    language SMALLINT NOT NULL,
    readers BIGINT NOT NULL,
    terminal TEXT NOT NULL,
    told BIGINT NOT NULL,
    PRIMARY KEY (tally, topic, language)
);
