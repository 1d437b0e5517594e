-- Plaza's whole memory. A post's state: waiting (not checked yet), checking (a person looks), cleared (may go up, not
-- registered yet), up, held, removed, refused, deleting (its author deleted it, Staydown is not told yet), gone.
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS accounts (
    name TEXT PRIMARY KEY,
    standing TEXT NOT NULL DEFAULT 'good' CHECK (standing IN ('good', 'restricted', 'suspended', 'ended')),
    sequence INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS posts (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (name),
    caption TEXT NOT NULL,
    media_type TEXT NOT NULL,
    posted_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN
        ('waiting', 'checking', 'cleared', 'up', 'held', 'removed', 'refused', 'deleting', 'gone')),
    label TEXT,
    note TEXT,
    check_id TEXT,
    sequence INTEGER NOT NULL DEFAULT 0,
    label_sequence INTEGER NOT NULL DEFAULT 0,
    views INTEGER NOT NULL DEFAULT 0,
    views_told INTEGER NOT NULL DEFAULT 0,
    claimed_at REAL NOT NULL DEFAULT 0,
    state_since TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS posts_by_check ON posts (check_id);
CREATE TABLE IF NOT EXISTS orders (
    order_id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    item_id TEXT,
    account_id TEXT,
    check_id TEXT,
    sequence INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'superseded', 'gone')),
    applied_at TEXT NOT NULL,
    times_received INTEGER NOT NULL DEFAULT 1
) STRICT;
