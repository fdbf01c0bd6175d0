#!/usr/bin/env python3
"""Holds a table that diagnose_fleet.py wrote against what entrace says of the same captures in one JSON report.

    check_table.py STORE TABLE ENTRACE
"""

import json
import subprocess
import sys

import diagnose_fleet
from pyspark.sql import SparkSession


def told_directly(entrace, paths):
    """Each capture's verdict, and each failure with its cause, from `entrace --format json`."""
    report = subprocess.run([entrace, "diagnose", "--format", "json", "--", *paths], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    captures = json.loads(report.stdout)["captures"]
    verdicts = [(capture["path"], capture["verdict"], capture["error"]) for capture in captures]
    failures = [
        (capture["path"], told["code"], told["symptom"], told["causes"][0]["id"], told["client"] or told["client_id"], told["timestamp"] is None)
        for capture in captures
        for told in capture["diagnoses"]
    ]
    return verdicts, failures


def stops_the_job(spark, paths, entrace, says):
    """Whether a job with this program fails and says so."""
    lines = spark.sparkContext.parallelize(paths, 2).mapPartitions(diagnose_fleet.diagnose_partition(entrace))
    try:
        lines.collect()
    except Exception as error:
        return says in str(error)
    return False


def main():
    store, table, entrace = sys.argv[1:]
    paths = diagnose_fleet.captures_below(store)
    verdicts, failures = told_directly(entrace, paths)
    spark = SparkSession.builder.master("local[2]").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    diagnose_fleet.open_table(spark, table)

    rows = spark.sql("SELECT path, verdict, error FROM captures").collect()
    assert len(rows) == len(paths), f"{len(rows)} rows for {len(paths)} captures"
    by_text = lambda row: [str(value) for value in row]
    assert sorted(map(tuple, rows), key=by_text) == sorted(verdicts, key=by_text), "verdicts differ"
    rows = spark.sql("SELECT path, code, symptom, cause, application, timestamp IS NULL FROM failures").collect()
    assert sorted(map(tuple, rows), key=by_text) == sorted(failures, key=by_text), "failures differ"

    unread = spark.sql("SELECT path FROM captures WHERE error IS NOT NULL").collect()
    assert [row.path.rsplit("/", 1)[1] for row in unread] == ["cut off.har"], unread
    blocked = spark.sql("SELECT * FROM failures WHERE code = 'AADSTS50058' AND cause = 'third-party-cookies-blocked'").collect()
    assert any("third-party-cookies-blocked.v4" in row.path and row.confidence == "certain" for row in blocked), blocked

    # More paths than one command line takes, and a process that ends before it came to all of them.
    assert max(map(len, diagnose_fleet.chunks(["x" * 5_000] * 50))) == 19
    assert stops_the_job(spark, paths, "entrace-that-is-not-there", "cannot be run on"), "a missing program must stop the job"
    lines = [json.loads(line) for line in diagnose_fleet.diagnose("false", paths[:2])]
    assert [line["path"] for line in lines] == paths[:2] and all("ended with status 1" in line["error"] for line in lines), lines

    print(f"{len(verdicts)} captures and {len(failures)} failures are in the table as entrace tells them")
    spark.stop()


if __name__ == "__main__":
    main()
