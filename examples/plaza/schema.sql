-- Plaza's whole memory. A post's state: waiting (not checked yet), checking (a person looks), cleared (may go up, not
-- registered yet), up, held, removed, refused.
PRAGMA journal_mode = WAL;
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
        ('waiting', 'checking', 'cleared', 'up', 'held', 'removed', 'refused')),
    label TEXT,
    note TEXT,
    check_id TEXT,
    sequence INTEGER NOT NULL DEFAULT 0,
    label_sequence INTEGER NOT NULL DEFAULT 0,
    views INTEGER NOT NULL DEFAULT 0,
    views_told INTEGER NOT NULL DEFAULT 0,
    since TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS pictures (
    post_id TEXT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    original BLOB NOT NULL
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

-- visible: everybody may see it. owed: Staydown is to be asked or told about it (of views now and then, not of each).
-- over: it ended 30 days ago, so that its picture is no longer kept as evidence.
CREATE VIEW IF NOT EXISTS posted AS
    SELECT posts.*,
        state = 'up' AND standing <> 'ended' AS visible,
        state IN ('waiting', 'cleared') OR (state = 'up' AND views >= views_told + 10) AS owed,
        state IN ('removed', 'refused') AND since < date('now', '-30 days') AS over
    FROM posts JOIN accounts ON accounts.name = posts.account;
