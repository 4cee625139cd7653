-- How older systems write their files, as TOML; each change is an event.
CREATE TABLE IF NOT EXISTS feed_profile (
    name TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    changed BIGINT NOT NULL
);
