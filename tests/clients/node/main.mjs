// Node's pg with its cursor and stream, and postgres.js.
//
// In: --pg, --url and --flight. Out: a JSON object a line: its versions, what it did with what failed or null, then `end`.
// What it must find it asks over HTTP.
import { isDeepStrictEqual, parseArgs, inspect } from "node:util";
import { createRequire } from "node:module";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import Cursor from "pg-cursor";
import QueryStream from "pg-query-stream";
import postgres from "postgres";

const text = { type: "string" };
const { values: options } = parseArgs({ options: { pg: text, url: text, flight: text } });
const [host, port] = options.pg.split(":");
const at = { host, port: Number(port), database: "kayoi", user: "analyst" };

const tell = (line) => console.log(JSON.stringify(line));

// One thing that a client does. It fails alone: what comes after it is tried all the same.
async function doing(what, act) {
  try {
    await act();
    tell({ did: what, failed: null });
  } catch (error) {
    tell({ did: what, failed: `${error.name}: ${error.message}` });
  }
}

function same(found, wanted) {
  if (isDeepStrictEqual(found, wanted)) return;
  throw new Error(`the answer is ${inspect(found).slice(0, 300)}, not ${inspect(wanted).slice(0, 300)}`);
}

async function wanted(sql) {
  const answer = await fetch(`${options.url}/v1/query?${new URLSearchParams({ sql, format: "json" })}`);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body.rows;
}

// A bigint is a text in JavaScript, and a date must not become a moment of the reader's time zone.
const types = { getTypeParser: (oid, format) => (oid === 1082 ? (value) => value : pg.types.getTypeParser(oid, format)) };
const plain = (rows) => rows.map((row) => ({ ...row, persons: row.persons === null ? null : String(row.persons) }));

const [{ municipality_code: town }] = await wanted(
  `SELECT municipality_code FROM connected_monthly GROUP BY 1 HAVING count(*) > count(persons) AND count(persons) > 0
   ORDER BY count(persons) DESC, 1 LIMIT 1`,
);
const figures = "SELECT month, kind, persons FROM connected_monthly WHERE municipality_code = ";
const ordered = " ORDER BY month, kind, origin_level, origin_code LIMIT 5000";
const list = plain(await wanted(`${figures}'${town}'${ordered}`));
const towns = await wanted("SELECT municipality_code FROM municipalities ORDER BY 1");

const version = (name) => {
  const found = createRequire(import.meta.url).resolve(name);
  return createRequire(found)(`${found.slice(0, found.lastIndexOf(`/node_modules/${name}/`))}/node_modules/${name}/package.json`).version;
};
tell({ version: `pg ${version("pg")}, postgres ${version("postgres")}` });

const client = new pg.Client({ ...at, types });
await client.connect();
await doing("pg: a query with a value, prepared and not", async () => {
  for (const name of [undefined, "figures", "figures"]) {
    const { rows } = await client.query({ name, text: `${figures}$1${ordered}`, values: [town] });
    same(plain(rows), list);
  }
});
await doing("pg: the simple protocol, two statements at once", async () => {
  const found = await client.query("SELECT 'one' AS word; SELECT count(*) AS n FROM municipalities");
  same(found.map((one) => one.rows), [[{ word: "one" }], [{ n: String(towns.length) }]]);
});
await doing("pg: values of every kind, there and back", async () => {
  const sent = [7, "9007199254740993", 1.5, "通い", true, "2026-03-01", ["a", "b"], null];
  const { rows } = await client.query({
    text: "SELECT $1::integer, $2::bigint, $3::double precision, $4::text, $5::boolean, $6::date, $7::text[], $8::text",
    values: sent, rowMode: "array",
  });
  same(rows, [sent]);
});
await doing("pg: a list in ANY", async () => {
  const { rows } = await client.query("SELECT municipality_code FROM municipalities WHERE municipality_code = ANY($1)", [[town, "00000"]]);
  same(rows, [{ municipality_code: town }]);
});
await doing("pg: a cursor, in parts", async () => {
  const cursor = client.query(new Cursor(`${figures}$1${ordered}`, [town], { types }));
  const found = [];
  for (let part = await cursor.read(700); part.length > 0; part = await cursor.read(700)) found.push(...part);
  await cursor.close();
  same(plain(found), list);
});
await doing("pg: a stream", async () => {
  const found = [];
  const stream = client.query(new QueryStream(`${figures}$1${ordered}`, [town], { batchSize: 100, types }));
  await pipeline(stream, async (rows) => {
    for await (const row of rows) found.push(row);
  });
  same(plain(found), list);
});
await doing("pg: an error has its code and place, and the connection goes on", async () => {
  const error = await client.query("SELECT nosuch FROM municipalities").then(() => null, (refused) => refused);
  same([error?.code, error?.position], ["42703", "8"]);
  same((await client.query("SELECT 'one' AS word")).rows, [{ word: "one" }]);
});
await doing("pg: a pool of five asks twenty times", async () => {
  const pool = new pg.Pool({ ...at, max: 5 });
  try {
    const asked = Array.from({ length: 20 }, (_, n) => pool.query("SELECT $1::int AS n, count(*) AS towns FROM municipalities", [n]));
    same((await Promise.all(asked)).map(({ rows }) => rows[0]), asked.map((_, n) => ({ n, towns: String(towns.length) })));
  } finally {
    await pool.end();
  }
});
await client.end();

const sql = postgres({ ...at, max: 3, onnotice: () => {}, types: { date: { to: 1082, from: [1082], serialize: (x) => x, parse: (x) => x } } });
await doing("postgres.js: a query with values", async () => {
  const found = await sql`SELECT month, kind, persons FROM connected_monthly WHERE municipality_code = ${town}
    ORDER BY month, kind, origin_level, origin_code LIMIT 5000`;
  same(plain([...found]), list);
});
await doing("postgres.js: a list, a cursor and a description", async () => {
  same([...(await sql`SELECT municipality_code FROM municipalities WHERE municipality_code IN ${sql([town, "00000"])}`)], [{ municipality_code: town }]);
  const found = [];
  await sql`SELECT municipality_code FROM municipalities ORDER BY 1`.cursor(300, (rows) => {
    found.push(...rows);
  });
  same(found.map((row) => ({ ...row })), towns);
  const { types: sent, columns } = await sql`SELECT month, persons FROM connected_monthly WHERE municipality_code = ${town}`.describe();
  same([sent, columns.map((column) => column.type)], [[25], [1082, 20]]);
});
await doing("postgres.js: a transaction, and COPY to the client", async () => {
  const found = await sql.begin("read only", async (inner) => {
    const read = await inner`COPY (SELECT municipality_code FROM municipalities ORDER BY 1) TO STDOUT`.readable();
    let copied = "";
    for await (const part of read) copied += part;
    return copied;
  });
  same(found.trim().split("\n"), towns.map((row) => row.municipality_code));
});
await sql.end();
tell({ end: true });
