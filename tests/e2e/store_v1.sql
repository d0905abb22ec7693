-- A store of schema 1, as the first oneclickd made it, with a little in it.
PRAGMA page_size = 2048;
PRAGMA journal_mode = WAL;
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE device ( num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account TEXT,
    claim_code TEXT, token_hash TEXT, type TEXT NOT NULL, tags TEXT NOT NULL DEFAULT
    '{}', project TEXT, placement TEXT, template TEXT, on_click TEXT, on_health TEXT,
    state INTEGER NOT NULL DEFAULT 0, enabled INTEGER NOT NULL DEFAULT 0, life REAL NOT
    NULL, clicks INTEGER NOT NULL DEFAULT 0, first_click_at INTEGER NOT NULL DEFAULT 0,
    seen_at INTEGER NOT NULL DEFAULT 0, claim_at INTEGER NOT NULL DEFAULT 0,
    claim_heard_at INTEGER NOT NULL DEFAULT 0, enabled_at INTEGER NOT NULL DEFAULT 0,
    context INTEGER NOT NULL DEFAULT 0, seq INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX device_own ON device (account, id) WHERE state = 2;
CREATE INDEX device_code ON device (claim_code, id) WHERE claim_code IS NOT NULL;
CREATE UNIQUE INDEX device_placed ON device (account, project, placement, template)
    WHERE placement IS NOT NULL;
CREATE TABLE project ( account TEXT NOT NULL, name TEXT NOT NULL, description TEXT,
    template TEXT, tags TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER
    NOT NULL, PRIMARY KEY (account, name)) WITHOUT ROWID;
CREATE TABLE placement ( account TEXT NOT NULL, project TEXT NOT NULL, name TEXT NOT
    NULL, attributes TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT
    NULL, PRIMARY KEY (account, project, name)) WITHOUT ROWID;
CREATE TABLE event ( pos INTEGER PRIMARY KEY, device INTEGER NOT NULL, at INTEGER NOT
    NULL, reported_at INTEGER NOT NULL, kind INTEGER NOT NULL, life REAL NOT NULL, seq
    INTEGER NOT NULL, context INTEGER NOT NULL, account TEXT NOT NULL, event_id TEXT NOT
    NULL);
CREATE INDEX event_device ON event (device, reported_at) WHERE kind <= 2;
CREATE TABLE dedupe ( span INTEGER NOT NULL, key TEXT NOT NULL, device_id TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (span, key, device_id)) WITHOUT ROWID;
CREATE TABLE context (num INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, json TEXT NOT
    NULL);
CREATE TABLE access_key ( id TEXT PRIMARY KEY, secret TEXT NOT NULL, account TEXT NOT
    NULL, user TEXT NOT NULL, policy TEXT NOT NULL, created_at INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE audit ( pos INTEGER PRIMARY KEY, at INTEGER NOT NULL, account TEXT NOT
    NULL, name TEXT NOT NULL, record TEXT NOT NULL);

INSERT INTO meta VALUES ('secret', x'0707070707070707070707070707070707070707070707070707070707070707');
INSERT INTO device (id, account, type, state, enabled, life, clicks, seq)
    VALUES ('G030PM0000000001', '000000000000', 'button', 2, 1, 90, 2, 2);
INSERT INTO event VALUES (1, 1, 1767225600000, 1767225600000, 0, 90, 1, 0,
    '000000000000', 'e1');
INSERT INTO event VALUES (2, 1, 1767225601000, 1767225601000, 1, 90, 2, 0,
    '000000000000', 'e2');
INSERT INTO project VALUES ('000000000000', 'P', 'd',
    '{"deviceTemplates":{"b":{"deviceType":"button"}}}', '{}', 1767225600000, 1767225600000);
INSERT INTO placement VALUES ('000000000000', 'P', 'p', '{"Room":"1"}', 1767225600000,
    1767225600000);
INSERT INTO access_key VALUES ('AKIAOLDOLDOLDOLDOLDA',
    'secretsecretsecretsecretsecretsecretsecr', '000000000000', 'alice',
    'AWSIoT1ClickFullAccess', 1767225600000, 0);
INSERT INTO audit (at, account, name, record)
    VALUES (1767225600000, '000000000000', 'ListDevices', '{}');
PRAGMA user_version = 1;
