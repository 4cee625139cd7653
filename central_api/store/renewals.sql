-- Passes that publish statuses anew, a bounded group at a time: of the files at a unit that was suspended or works again
-- (unit), of those whose receipt key was revoked (key, its number), or of those that wait for a step of which another
-- duration is told from now on (neither). after: the last application that was looked at;
-- upto: the last that there was when the pass began; renewed: how many statuses it has published anew.
CREATE TABLE IF NOT EXISTS renewal (
    id INTEGER PRIMARY KEY,
    unit SMALLINT UNIQUE,
    receipt_key SMALLINT UNIQUE,
    after INTEGER NOT NULL,
    upto INTEGER NOT NULL,
    renewed INTEGER NOT NULL
);
