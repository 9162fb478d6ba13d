-- a cursor that outlives its transaction
-- wants as SELECT municipality_code FROM municipalities ORDER BY 1 LIMIT 2
BEGIN;
DECLARE "SQL_CUR1" CURSOR WITH HOLD FOR SELECT municipality_code FROM municipalities ORDER BY 1;
COMMIT;
FETCH 2 IN "SQL_CUR1";

-- the columns of a question, without rows
-- wants none
SELECT * FROM (SELECT * FROM "public"."connected_monthly") "Custom SQL Query" LIMIT 0;

-- sums by month
-- wants as SELECT month, sum(persons) FROM connected_monthly WHERE municipality_code = '{town}' GROUP BY 1 ORDER BY 1
SELECT CAST(DATE_TRUNC( 'MONTH', CAST("connected_monthly"."month" AS DATE) ) AS DATE) AS "tmn:month:ok",
  SUM("connected_monthly"."persons") AS "sum:persons:ok"
FROM "public"."connected_monthly" "connected_monthly"
WHERE "connected_monthly"."municipality_code" = '{town}'
GROUP BY 1 HAVING (COUNT(1) > 0) ORDER BY 1;

-- years and quarters as numbers
-- wants rows 2025,1 2025,2 2025,3 2025,4
SELECT CAST(TRUNC(EXTRACT(YEAR FROM "c"."date")) AS INTEGER) AS "yr", CAST(TRUNC(EXTRACT(QUARTER FROM "c"."date")) AS INTEGER) AS "qr"
FROM "public"."calendar" "c" WHERE (("c"."date" >= (DATE '2025-01-01')) AND ("c"."date" <= (DATE '2025-12-31')))
GROUP BY 1, 2 ORDER BY 1, 2;
