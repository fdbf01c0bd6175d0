#!/usr/bin/env python3
"""Diagnoses a store of captures with Apache Spark and keeps the outcome as a table that SQL is asked of.

    spark-submit diagnose_fleet.py STORE TABLE

STORE is a folder that every machine sees under the same path. TABLE is where Spark writes the table, one row a
capture, as Parquet. entrace is a child process on the machine that has the partition; --entrace names it where it
is not found by itself. docs/fleet.md has the whole recipe.
"""

import argparse
import json
import os
import socket
import subprocess
import tempfile

from pyspark.sql import SparkSession

# Names of files that are taken from the store; entrace itself recognises a capture by its content.
ENDINGS = (".har", ".saz", ".chlsj", ".zip", ".gz", ".zst")

# What one child process is given: a command line has a limit, 128 KiB being safe on Linux.
MOST_PATHS = 500
MOST_BYTES = 100_000

# The fields of a line that the table keeps; docs/json.md describes them all.
SCHEMA = """
    path string, error string, format string, verdict string, exchanges long, entra_exchanges long,
    diagnoses array<struct<
        code: string, symptom: string, severity: string, handled: boolean, tenant: string, resolved_tenant: string,
        client_id: string, client: string, correlation_id: string, timestamp: timestamp,
        causes: array<struct<id: string, confidence: string>>>>
"""

# One row a failure, with the cause that stands first.
FAILURES = """
    SELECT path, d.code, d.symptom, d.causes[0].id AS cause, d.causes[0].confidence AS confidence, d.handled,
           coalesce(d.client, d.client_id) AS application, coalesce(d.resolved_tenant, d.tenant) AS tenant, d.timestamp
    FROM captures LATERAL VIEW explode(diagnoses) AS d
"""

QUESTIONS = {
    "Captures by verdict": """
        SELECT coalesce(verdict, 'not read') AS verdict, count(*) AS captures FROM captures GROUP BY 1 ORDER BY 2 DESC, 1""",
    "Failures that nothing handled, by code and cause": """
        SELECT coalesce(code, symptom) AS failure, cause, count(*) AS failures, count(DISTINCT path) AS captures
        FROM failures WHERE NOT handled GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 20""",
    "Applications and tenants with the most of them": """
        SELECT application, tenant, count(*) AS failures, count(DISTINCT cause) AS causes
        FROM failures WHERE NOT handled GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 10""",
    "Captures that could not be read": "SELECT path, error FROM captures WHERE error IS NOT NULL ORDER BY path LIMIT 20",
}


def captures_below(store):
    """The captures in a folder and those below it, in order."""
    found = []
    for folder, _, names in os.walk(os.path.abspath(store)):
        found += [os.path.join(folder, name) for name in names if name.lower().endswith(ENDINGS)]
    return sorted(found)


def chunks(paths):
    """The paths of a partition, as many at a time as fit on a command line."""
    chunk, size = [], 0
    for path in paths:
        length = len(os.fsencode(path)) + 1
        if chunk and (len(chunk) == MOST_PATHS or size + length > MOST_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(path)
        size += length
    if chunk:
        yield chunk


def diagnose(entrace, paths):
    """The lines that entrace writes of these captures: each has one at least, an archive one for each of its members."""
    missing = {os.fsencode(path).decode("utf-8", "replace"): path for path in paths}
    # No shell, so that any path is one argument; one thread, because a task of Spark has one core.
    command = [entrace, "diagnose", "--format", "ndjson", "--", *paths]
    environment = {**os.environ, "RAYON_NUM_THREADS": "1"}
    with tempfile.TemporaryFile() as stderr:
        try:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, env=environment)
        except OSError as error:
            # Every capture would fail so: the job stops, and says which machine lacks what.
            raise RuntimeError(f"{entrace} cannot be run on {socket.gethostname()}: {error.strerror}") from None
        with child:
            for line in child.stdout:
                if not line.endswith(b"\n"):
                    break  # The child ended in the middle of it.
                path = json.loads(line)["path"]
                if path not in missing:
                    path = next((known for known in missing if path.startswith(known + "!")), None)
                missing.pop(path, None)
                yield line.decode("utf-8")
        stderr.seek(0)
        said = stderr.read().decode("utf-8", "replace").strip()
    # 0 nothing failed, 1 a sign-in failed, 2 a capture cannot be read: its line says why.
    status = child.returncode
    if not missing:
        return
    if status == 2 and len(missing) == len(paths):
        raise RuntimeError(f"{entrace} does not understand its arguments on {socket.gethostname()}: {said}")
    if len(paths) > 1:
        # It was ended before it came to all, for want of memory perhaps: each of the rest gets a process of its own.
        for path in missing.values():
            yield from diagnose(entrace, [path])
        return
    yield from (json.dumps({"path": path, "error": f"entrace ended with status {status}: {said}"}) for path in missing)


def diagnose_partition(entrace):
    """What is done with the paths of one partition, on the machine that has it."""

    def partition(paths):
        for chunk in chunks(paths):
            yield from diagnose(entrace, chunk)

    return partition


def write_table(spark, paths, table, entrace="entrace", partitions=None):
    """Diagnoses every capture once and writes the table."""
    # A few hundred captures are seconds of work; many small partitions let a slow machine do fewer of them.
    partitions = partitions or max(1, min(len(paths), max(spark.sparkContext.defaultParallelism * 4, len(paths) // 200)))
    lines = spark.sparkContext.parallelize(paths, partitions).mapPartitions(diagnose_partition(entrace))
    spark.read.schema(SCHEMA).json(lines).write.parquet(table)


def open_table(spark, table):
    """Makes the views `captures`, one row a capture, and `failures`, one row a diagnosis."""
    spark.read.parquet(table).createOrReplaceTempView("captures")
    spark.sql(FAILURES).createOrReplaceTempView("failures")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", help="folder of captures, under the same path on every machine")
    parser.add_argument("table", help="where the table is written; must not exist yet")
    parser.add_argument("--entrace", default="entrace", help="the program on the machines, if not entrace in their PATH")
    parser.add_argument("--partitions", type=int, help="into how many parts the captures are dealt out")
    options = parser.parse_args()
    paths = captures_below(options.store)
    if not paths:
        parser.error(f"{options.store} holds no captures")
    # Session settings (master, memory, machines) come from spark-submit.
    spark = SparkSession.builder.appName("entrace").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    write_table(spark, paths, options.table, options.entrace, options.partitions)
    open_table(spark, options.table)
    for title, question in QUESTIONS.items():
        print(f"\n{title}")
        spark.sql(question).show(truncate=100)
    spark.stop()


if __name__ == "__main__":
    main()
