-- To whom of a unit's officers a file was given there, by an event; it lapses when the file goes on.
CREATE TABLE IF NOT EXISTS assignment (
    application INTEGER NOT NULL PRIMARY KEY,
    unit SMALLINT NOT NULL,
    since BIGINT NOT NULL,
    account INTEGER NOT NULL,
    event INTEGER NOT NULL
);
