-- What is told of how long a step usually takes, in working days, as the last EXPECT events made it known: region 0 is
-- all of them, role the step's; of how many cases.
CREATE TABLE IF NOT EXISTS expectation (
    family SMALLINT NOT NULL,
    kind SMALLINT NOT NULL,
    region SMALLINT NOT NULL,
    role SMALLINT NOT NULL,
    least SMALLINT NOT NULL,
    most SMALLINT NOT NULL,
    cases INTEGER NOT NULL,
    PRIMARY KEY (family, kind, region, role)
);

-- Files that were too long at a step: recorded once for each stay there (since: it came). event: who was told, and when.
CREATE TABLE IF NOT EXISTS escalation (
    application INTEGER NOT NULL,
    since BIGINT NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (application, since)
);

-- The last day (since 1970) whose work of the night was done: what is usual learnt anew, late files told.
CREATE TABLE IF NOT EXISTS night (
    day INTEGER NOT NULL PRIMARY KEY
);
