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
