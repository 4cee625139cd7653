-- The SMS outbox. A message holds neither number nor text: the phone lies beside the application's SUBMIT event, and the
-- text follows from kind and language. event: what it tells of, once. kind: outbox.Kind; secret: what a one-time code is
-- derived from, NULL once nothing is to be sent any more. state: outbox.State, since when; why: the last failure.
-- due: not before; attempts: how many were begun; step: how many of them in vain; accepted: by one bit each (1 << attempt)
-- those that the gateway took. report: the name of its delivery reports, unguessable; expires: worthless from then on.
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY,
    event INTEGER NOT NULL UNIQUE,
    application INTEGER NOT NULL,
    kind SMALLINT NOT NULL,
    secret BYTEA,
    made BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    state SMALLINT NOT NULL,
    since BIGINT NOT NULL,
    why TEXT NOT NULL,
    due BIGINT NOT NULL,
    attempts SMALLINT NOT NULL,
    step SMALLINT NOT NULL,
    accepted BIGINT NOT NULL,
    report BYTEA NOT NULL UNIQUE
);
CREATE INDEX IF NOT EXISTS message_waiting ON message (kind, due) WHERE state = 1;
CREATE INDEX IF NOT EXISTS message_state ON message (state);
CREATE INDEX IF NOT EXISTS message_application ON message (application);

-- One-time codes for cards: the ask (SHA-256) that it answers, of which terminal, for which card (its index), made when,
-- tried how often; number: how many were made for this ask; sent: a message went out for it.
CREATE TABLE IF NOT EXISTS card_code (
    ask BYTEA NOT NULL PRIMARY KEY,
    card TEXT NOT NULL,
    made BIGINT NOT NULL,
    tries SMALLINT NOT NULL,
    number SMALLINT NOT NULL,
    sent SMALLINT NOT NULL
);
