"""Stays of trackintel and scikit-mobility on real trajectories.

In: a CSV `device,timestamp_iso,latitude,longitude`, sorted. Out: a CSV `user,arrival,departure,latitude,longitude` and
one line of JSON with the time that it took to read, the time that it took to detect, and what was found.

Each peer runs as its documentation shows it. trackintel also runs with Kayoi's radius and Kayoi's gap by day. Both
end a stay with the first fix away, where Kayoi ends it with the last fix there.
"""

import argparse
import csv
import json
import resource
import time
import warnings

# `stays_compare.py` takes least stays and gaps from here, in minutes.
OPTIONS = {
    ("trackintel", "defaults"): {"dist_threshold": 100, "time_threshold": 5, "gap_threshold": 15},
    ("trackintel", "wide"): {"dist_threshold": 300, "time_threshold": 10, "gap_threshold": 360},
    ("scikit-mobility", "defaults"): {"spatial_radius_km": 0.2, "minutes_for_a_stop": 20, "no_data_for_minutes": 1e12},
}


def trackintel(path, settings):
    import trackintel as peer

    # Changes to come in its own dependencies.
    warnings.simplefilter("ignore")
    started = time.perf_counter()
    names = {"device": "user_id", "timestamp_iso": "tracked_at"}
    fixes = peer.read_positionfixes_csv(path, columns=names, tz="UTC", crs="EPSG:4326", dtype={"device": str})
    read = time.perf_counter()
    _, stays = fixes.generate_staypoints(**settings)
    done = time.perf_counter()
    rows = zip(stays["user_id"], stays["started_at"], stays["finished_at"], stays.geometry.y, stays.geometry.x, strict=True)
    return len(fixes), read - started, done - read, list(rows), peer.__version__


def scikit_mobility(path, settings):
    import pandas
    import skmob as peer
    from skmob.preprocessing import detection

    warnings.simplefilter("ignore")
    started = time.perf_counter()
    frame = pandas.read_csv(path, dtype={"device": str})
    # It knows no zones.
    frame["timestamp_iso"] = pandas.to_datetime(frame["timestamp_iso"]).dt.tz_localize(None)
    fixes = peer.TrajDataFrame(frame, latitude="latitude", longitude="longitude", datetime="timestamp_iso", user_id="device")
    read = time.perf_counter()
    stays = detection.stay_locations(fixes, **settings)
    done = time.perf_counter()
    rows = zip(stays["uid"], stays["datetime"], stays["leaving_datetime"], stays["lat"], stays["lng"], strict=True)
    return len(fixes), read - started, done - read, list(rows), peer.__version__


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=["trackintel", "scikit-mobility"])
    parser.add_argument("--options", choices=["defaults", "wide"], default="defaults")
    parser.add_argument("--data", required=True, help="name of the trajectories, for the report")
    parser.add_argument("--in", dest="fixes", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    settings = OPTIONS.get((options.peer, options.options))
    if settings is None:
        raise SystemExit(f"{options.peer} has no options `{options.options}`, only `defaults`")
    run = {"trackintel": trackintel, "scikit-mobility": scikit_mobility}[options.peer]
    pings, read_s, seconds, stays, version = run(options.fixes, settings)
    with open(options.out, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["user", "arrival", "departure", "latitude", "longitude"])
        for user, arrival, departure, latitude, longitude in stays:
            writer.writerow([user, instant(arrival), instant(departure), f"{latitude:.6f}", f"{longitude:.6f}"])
    print(json.dumps({
        "data": options.data, "peer": options.peer, "version": version, "options": options.options, "settings": settings,
        "pings": pings, "read_s": read_s, "seconds": seconds, "stays": len(stays),
        "stay_hours": sum((departure - arrival).total_seconds() for _, arrival, departure, _, _ in stays) / 3600,
        "users": len({user for user, *_ in stays}),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }), flush=True)


def instant(time_of):
    return time_of.strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    main()
