-- the encoding
-- wants rows UTF8
select character_set_name from INFORMATION_SCHEMA.character_sets;

-- tables
-- wants tables
select TABLE_NAME from INFORMATION_SCHEMA.tables
where TABLE_SCHEMA not in ('information_schema', 'pg_catalog') and TABLE_TYPE = 'BASE TABLE' order by TABLE_SCHEMA, TABLE_NAME;

-- columns
-- wants columns
select COLUMN_NAME, case when (data_type like '%unsigned%') then DATA_TYPE || ' unsigned' else DATA_TYPE end as DATA_TYPE
from INFORMATION_SCHEMA.columns where TABLE_SCHEMA = 'public' and TABLE_NAME = 'municipalities' order by ORDINAL_POSITION;

-- keys to and from a table
-- wants none
select fk.column_name, pk.table_name from INFORMATION_SCHEMA.referential_constraints as rc
join INFORMATION_SCHEMA.key_column_usage as pk
  on rc.unique_constraint_schema = pk.constraint_schema and rc.unique_constraint_name = pk.constraint_name
join INFORMATION_SCHEMA.key_column_usage as fk
  on rc.constraint_name = fk.constraint_name and fk.ordinal_position = pk.position_in_unique_constraint
where fk.table_schema = 'public' and fk.table_name = 'municipalities';

-- a visual, two questions deep
-- wants as SELECT kind, sum(persons) FROM connected_monthly WHERE municipality_code = '{town}' AND month >= '2025-01-01' GROUP BY 1 ORDER BY 1
select "rows"."kind" as "kind", sum(cast("rows"."persons" as decimal)) as "a0" from (
  select "_"."kind", "_"."persons" from "public"."connected_monthly" "_"
  where ("_"."municipality_code" = '{town}' and "_"."municipality_code" is not null) and "_"."month" >= timestamp '2025-01-01 00:00:00'
) "rows" group by "kind" order by 1 limit 1000001;

-- rows of two tables put together
-- wants number 3
select "$Outer"."month", "$Inner"."population_2020" from "public"."connected_monthly" "$Outer"
inner join "public"."municipalities" "$Inner" on ("$Outer"."municipality_code" = "$Inner"."municipality_code") limit 3;
