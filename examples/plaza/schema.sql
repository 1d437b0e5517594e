-- Plaza's whole memory. A post's state: waiting (not checked yet), checking (a person looks), cleared (may go up, not
-- registered yet), up, held, removed, refused.
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS accounts (
    name TEXT PRIMARY KEY,
    standing TEXT NOT NULL DEFAULT 'good' CHECK (standing IN ('good', 'restricted', 'suspended', 'ended')),
    sequence INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Who said at sign-in that they are under 18.
CREATE TABLE IF NOT EXISTS under_age (name TEXT PRIMARY KEY REFERENCES accounts (name)) STRICT;
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
-- What Staydown says to whom an order restricts, fetched by its id; only that account reads it.
CREATE TABLE IF NOT EXISTS statements (
    statement_id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    words TEXT,
    at TEXT NOT NULL
) STRICT;
-- What Staydown says to whose post an authority ordered removed; `given` once Staydown knows that the account can read it.
CREATE TABLE IF NOT EXISTS notices (
    notice_id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    words TEXT,
    at TEXT NOT NULL,
    given INTEGER NOT NULL DEFAULT 0
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
CREATE TABLE IF NOT EXISTS complaints (
    post_id TEXT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    complaint_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'reversed')),
    answer TEXT
) STRICT;

-- visible: everybody may see it. owed: Staydown is to be asked or told about it (of views now and then, not of each).
-- over: it ended 30 days ago, so that its picture is no longer kept as evidence.
DROP VIEW IF EXISTS posted; -- so that it has the columns of today
CREATE VIEW posted AS
    SELECT posts.*,
        posts.state = 'up' AND standing <> 'ended' AS visible,
        posts.state IN ('waiting', 'cleared') OR (posts.state = 'up' AND views >= views_told + 10) AS owed,
        posts.state IN ('removed', 'refused') AND since < date('now', '-30 days') AS over,
        complaints.state AS complaint, complaints.answer AS complaint_answer
    FROM posts JOIN accounts ON accounts.name = posts.account LEFT JOIN complaints ON complaints.post_id = posts.id;
