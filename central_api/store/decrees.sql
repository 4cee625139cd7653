-- Days on which a decree lets no time limit run, both included (days since 1970): those that the last DECREE events left.
CREATE TABLE IF NOT EXISTS decree (
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (first_day, last_day)
);
