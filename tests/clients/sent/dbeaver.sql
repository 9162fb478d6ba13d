-- the session: schema, role, database
-- wants rows public,t,kayoi
SELECT current_schema(), session_user = current_user, current_database();

-- words of the language, for its editor
-- wants among select
SELECT word FROM pg_catalog.pg_get_keywords();

-- databases with their size
-- wants among kayoi,t
SELECT d.datname, pg_database_size(d.oid) >= 0 FROM pg_catalog.pg_database d;

-- tablespaces with their place
-- wants among pg_default,
SELECT t.spcname, pg_tablespace_location(t.oid) FROM pg_catalog.pg_tablespace t;

-- roles, with who asks among them
-- wants among t,t
SELECT r.rolname = current_user, r.rolcanlogin FROM pg_catalog.pg_roles r ORDER BY r.rolname;

-- extensions that could be made
-- wants none
SELECT name FROM pg_catalog.pg_available_extensions WHERE name = 'nosuch';

-- extensions with the tables of their settings
-- wants none
SELECT e.extname, t.names FROM pg_catalog.pg_extension e LEFT JOIN (
  SELECT x.oid, string_agg(k.relname, ',') AS names FROM (SELECT oid, unnest(extconfig) AS k FROM pg_catalog.pg_extension) x
  JOIN pg_catalog.pg_class k ON k.oid = x.k GROUP BY x.oid
) t ON t.oid = e.oid WHERE e.extname <> 'plpgsql';

-- tables that have an explanation in two languages
-- wants tables
SELECT c.relname FROM pg_catalog.pg_class c
LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind NOT IN ('i', 'I', 'c', 'S') AND d.description LIKE '% / %'
ORDER BY c.relname;

-- tables with their sizes
-- wants tables
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND pg_catalog.pg_total_relation_size(c.oid) >= pg_catalog.pg_relation_size(c.oid) ORDER BY c.relname;

-- columns with types, and no default
-- wants columns
SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON a.attrelid = c.oid
LEFT JOIN pg_catalog.pg_attrdef ad ON a.attrelid = ad.adrelid AND a.attnum = ad.adnum
LEFT JOIN pg_catalog.pg_description d ON c.oid = d.objoid AND a.attnum = d.objsubid
WHERE NOT a.attisdropped AND a.attnum > 0 AND c.oid = 'public.municipalities'::regclass AND d.description LIKE '% / %'
  AND pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) IS NULL
ORDER BY a.attnum;

-- constraints, with their text
-- wants number 1
SELECT c.oid, c.*, t.relname, rt.relnamespace, pg_catalog.pg_get_constraintdef(c.oid, true) FROM pg_catalog.pg_constraint c
JOIN pg_catalog.pg_class t ON t.oid = c.conrelid LEFT JOIN pg_catalog.pg_class rt ON rt.oid = c.confrelid
WHERE c.conrelid = 'public.municipalities'::regclass AND c.contype <> 'n';

-- indexes, with their keys
-- wants number 1
SELECT i.*, i.indkey AS keys, c.relname, am.amname, pg_catalog.pg_get_expr(i.indpred, i.indrelid, true)
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
WHERE i.indrelid = 'public.municipalities'::regclass;

-- the text of a view, of a table that is none
-- wants number 1
SELECT pg_catalog.pg_get_viewdef(c.oid, true) FROM pg_class c
WHERE c.relname = 'municipalities' AND c.relnamespace = 'public'::regnamespace;

-- sessions, with this one among them
-- wants among kayoi,t
SELECT sa.datname, sa.usename = current_user FROM pg_catalog.pg_stat_activity sa WHERE sa.pid = pg_backend_pid();

-- locks that somebody waits for
-- wants none
SELECT l.pid, l.locktype, l.mode, l.relation::regclass FROM pg_catalog.pg_locks l WHERE NOT l.granted;

-- a page of the grid, with the place of each row
-- wants number 200
SELECT x.*, x.ctid FROM public.municipalities x LIMIT 200;

-- a plan in JSON
-- wants json
EXPLAIN (FORMAT JSON) SELECT count(*) FROM municipalities;
