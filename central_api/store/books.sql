-- The registry's books, read off the events in the order of the chain: nothing stands here that they do not say, and
-- audit verify reads them anew.

-- One row a book. book: 1 incoming, 2 outgoing; unit: role + 32 * region; lines: the number of its last line.
CREATE TABLE IF NOT EXISTS book (
    book SMALLINT NOT NULL,
    unit SMALLINT NOT NULL,
    year SMALLINT NOT NULL,
    lines INTEGER NOT NULL,
    PRIMARY KEY (book, unit, year)
);

-- position: of the line's event in the chain.
CREATE TABLE IF NOT EXISTS book_line (
    book SMALLINT NOT NULL,
    unit SMALLINT NOT NULL,
    year SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    position INTEGER NOT NULL UNIQUE,
    PRIMARY KEY (book, unit, year, number)
);

-- How far in the chain the books are written: one row.
CREATE TABLE IF NOT EXISTS book_written AS SELECT 0 AS position;
