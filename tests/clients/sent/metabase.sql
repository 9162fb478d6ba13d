-- its time zone
-- wants rows Asia/Tokyo
SET SESSION TIMEZONE TO 'Asia/Tokyo';
SHOW TIMEZONE;

-- tables that may be read
-- wants tables
SELECT t.tablename FROM pg_catalog.pg_tables t
WHERE t.schemaname !~ '^pg_|information_schema'
  AND pg_catalog.has_table_privilege(current_user, '"' || t.schemaname || '"."' || t.tablename || '"', 'SELECT')
ORDER BY 1;

-- fields with explanations, of which the code is the key
-- wants columns
SELECT c.column_name, c.data_type FROM information_schema.columns c
LEFT JOIN (
  SELECT tc.table_schema, tc.table_name, k.column_name FROM information_schema.table_constraints tc
  JOIN information_schema.key_column_usage k ON tc.constraint_name = k.constraint_name AND tc.table_name = k.table_name
  WHERE tc.constraint_type = 'PRIMARY KEY'
) pk ON c.table_name = pk.table_name AND c.column_name = pk.column_name
WHERE c.table_schema !~ '^information_schema|pg_' AND c.table_name = 'municipalities'
  AND (pk.column_name IS NOT NULL) = (c.column_name = 'municipality_code')
  AND col_description(CAST(CAST(format('%I.%I', CAST(c.table_schema AS TEXT), CAST(c.table_name AS TEXT)) AS REGCLASS) AS OID),
                      c.ordinal_position) LIKE '% / %'
ORDER BY c.ordinal_position;

-- keys to other tables
-- wants none
SELECT f.relname, a.attname, p.relname FROM pg_constraint c
JOIN pg_class f ON c.conrelid = f.oid JOIN pg_class p ON c.confrelid = p.oid JOIN pg_attribute a ON c.conrelid = a.attrelid
WHERE c.contype = 'f'::char AND a.attnum = ANY(c.conkey);

-- a question by month of the last years
-- wants as SELECT month, sum(persons) FROM connected_monthly WHERE municipality_code = '{town}' AND kind = 'connected' GROUP BY 1 ORDER BY 1
SELECT CAST(DATE_TRUNC('month', "public"."connected_monthly"."month") AS DATE) AS "month",
  SUM("public"."connected_monthly"."persons") AS "sum"
FROM "public"."connected_monthly"
WHERE "public"."connected_monthly"."municipality_code" = '{town}' AND "public"."connected_monthly"."kind" = 'connected'
  AND "public"."connected_monthly"."month" >= CAST((NOW() + INTERVAL '-120 month') AS DATE)
GROUP BY CAST(DATE_TRUNC('month', "public"."connected_monthly"."month") AS DATE)
ORDER BY CAST(DATE_TRUNC('month', "public"."connected_monthly"."month") AS DATE) ASC;

-- years between two days
-- wants rows 1
SELECT CAST(EXTRACT(YEAR FROM AGE(DATE_TRUNC('day', DATE '2026-01-01'), DATE_TRUNC('day', DATE '2024-06-01'))) AS INTEGER);

-- a median
-- wants as SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY population_2020) FROM municipalities
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY "population_2020") FROM "public"."municipalities";

-- a question in SQL as the source of another: PostgreSQL keeps the order of what is inside, and people rely on it
-- wants as SELECT municipality_code FROM municipalities ORDER BY population_2020 DESC LIMIT 3
SELECT "source"."municipality_code" FROM (
  SELECT municipality_code, population_2020 FROM municipalities ORDER BY population_2020 DESC
) AS "source" LIMIT 3;
