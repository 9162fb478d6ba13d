-- a big table before a small one in a join
-- wants number 3
SELECT c.month, m.latitude FROM connected_monthly c JOIN municipalities m ON m.municipality_code = c.municipality_code LIMIT 3;

-- a subquery that counts nothing is 0
-- wants rows 0
SELECT DISTINCT (SELECT count(*) FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid) FROM pg_catalog.pg_class c
WHERE c.relnamespace = 'public'::regnamespace;

-- numbers of rows are whole
-- wants rows bigint,bigint,bigint,bigint
SELECT pg_typeof(row_number() OVER ()), pg_typeof(rank() OVER (ORDER BY municipality_code)),
  pg_typeof(dense_rank() OVER (ORDER BY municipality_code)), pg_typeof(count(*) OVER ()) FROM municipalities LIMIT 1;

-- how fractions are written
-- wants rows 136,1e+20,1e-07,1e+15,0.1,-0
SELECT 136.0::float8, 1e20::float8, 1e-7::float8, 1e15::float8, 0.1::float4, '-0'::float8;

-- how exact numbers are written
-- wants rows 136,136
SELECT 136::decimal, sum(136::numeric) FROM municipalities WHERE municipality_code = '{town}';

-- how moments are written
-- wants rows t,t
SELECT (date '2025-03-01' + interval '1 month')::text = '2025-04-01 00:00:00',
  (timestamp '2025-03-01 10:00:00.5')::text = '2025-03-01 10:00:00.5';

-- moments to the minute, with and without a zone
-- wants rows t,t
SELECT timestamp '2025-03-01 12:00' = timestamp '2025-03-01 12:00:00',
  timestamptz '2025-03-01 12:00+09' = timestamptz '2025-03-01 03:00:00+00';

-- names that must be quoted are
-- wants rows t,t,t
SELECT quote_ident('a b') = '"a b"', quote_ident('A') = '"A"', quote_ident('a') = 'a';

-- the name of a table's number
-- wants rows municipalities
SELECT 'public.municipalities'::regclass;

-- a part of a text by a pattern
-- wants rows 12
SELECT substring('fillfactor=12' FROM 'fillfactor=([0-9]*)');

-- dates by a pattern
-- wants rows 2025-03-01
SELECT to_date('2025-03-01', 'YYYY-MM-DD');

-- names of columns that nobody named
-- wants names current_user,lower,?column?,count
SELECT current_user, lower('A'), 1 + 1, count(*) FROM municipalities;

-- EXISTS of what belongs to a row, as a column
-- wants rows t
SELECT EXISTS (SELECT 1 FROM connected_monthly c WHERE c.municipality_code = m.municipality_code) FROM municipalities m
WHERE m.municipality_code = '{town}';

-- the first of what belongs to a row, as a column
-- wants as SELECT origin FROM connected_monthly WHERE municipality_code = '{town}' ORDER BY month, kind, origin_level, origin LIMIT 1
SELECT (
  SELECT c.origin FROM connected_monthly c WHERE c.municipality_code = m.municipality_code
  ORDER BY c.month, c.kind, c.origin_level, c.origin LIMIT 1
) FROM municipalities m WHERE m.municipality_code = '{town}';

-- EXISTS among others in a condition that is a column
-- wants rows f
SELECT n.nspname = 'nosuch' OR (n.nspname = 'pg_catalog' AND EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = n.oid LIMIT 1))
FROM pg_namespace n WHERE n.nspname = 'public';

-- the plan of a question, under the name that clients look for
-- wants names QUERY PLAN
EXPLAIN SELECT count(*) FROM municipalities;

-- questions as views, with their text and what they say
-- wants among telework,t,t
SELECT v.viewname, v.definition LIKE 'SELECT%', obj_description(c.oid, 'pg_class') LIKE '% / %'
FROM pg_catalog.pg_views v JOIN pg_catalog.pg_class c ON c.relname = v.viewname WHERE v.schemaname = 'questions';

-- a view is none of what is there without its schema
-- wants none
SELECT c.relname FROM pg_catalog.pg_class c WHERE c.relkind = 'v' AND pg_catalog.pg_table_is_visible(c.oid);

-- a chart of a view, with every name in full
-- wants as SELECT month, commuters FROM questions.telework WHERE municipality_code = '{town}' AND side = 'residence' ORDER BY month
SELECT "questions"."telework"."month" AS "month", "questions"."telework"."commuters" AS "commuters" FROM "questions"."telework"
WHERE "questions"."telework"."municipality_code" = '{town}' AND "questions"."telework"."side" = 'residence'
ORDER BY "questions"."telework"."month" ASC LIMIT 1048575;

-- the only one of what belongs to a row, as a column
-- wants as SELECT municipality FROM municipalities WHERE municipality_code = '{town}'
SELECT DISTINCT (SELECT m.municipality FROM municipalities m WHERE m.municipality_code = c.municipality_code)
FROM connected_monthly c WHERE c.municipality_code = '{town}';

-- all of a table in two words
-- wants number 3
TABLE municipalities LIMIT 3;
