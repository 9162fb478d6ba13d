"""What a notebook asks over Arrow Flight SQL with a token of an OpenID provider, with ADBC's driver.

In: the address of a server, a token and a query with one number. Out: that number, on one line.
"""

import sys

import adbc_driver_flightsql.dbapi as flight
from adbc_driver_flightsql import DatabaseOptions


def main():
    address, token, query = sys.argv[1:]
    signed = {DatabaseOptions.AUTHORIZATION_HEADER.value: f"Bearer {token}"}
    with flight.connect(address, db_kwargs=signed) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        print(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
