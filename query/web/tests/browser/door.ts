// The other door: the same release over the wire of Postgres.
//
// In: `KAYOI_PG`, `host:port`. Out: rows of SQL. It shares neither JSON nor the named questions with the page, so that
// figures which agree here were not made equal by one mistake.

import pg from 'pg'

export type Fields = Record<string, unknown>

// Whole numbers of 64 bits and decimals come as text; figures are far below what a double holds exactly.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, String)
pg.types.setTypeParser(pg.types.builtins.TIMESTAMP, String)

export class Door {
  readonly #client: pg.Client

  private constructor(client: pg.Client) {
    this.#client = client
  }

  static async open(): Promise<Door> {
    const [host, port] = (process.env.KAYOI_PG ?? '127.0.0.1:5433').split(':')
    const client = new pg.Client({
      host: host ?? '127.0.0.1',
      port: Number(port ?? 5433),
      database: 'kayoi',
      user: process.env.KAYOI_PG_USER ?? 'kayoi',
      password: process.env.KAYOI_PG_PASSWORD ?? '',
    })
    await client.connect()
    return new Door(client)
  }

  async rows(sql: string, values: unknown[] = []): Promise<Fields[]> {
    return (await this.#client.query<Fields>(sql, values)).rows
  }

  close(): Promise<void> {
    return this.#client.end()
  }
}
