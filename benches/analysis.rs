//! How long an analysis takes that holds nothing but sign-in traffic, and whether it takes twice as long for twice as much.
//!
//! `cargo bench --bench analysis`; the files are generated on the first run. See `docs/performance.md`.

#![allow(clippy::expect_used, reason = "a bench that can't run should say so and stop")]

mod sign_ins;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use entrace::{Capture, Knowledge, analyze};
use sign_ins::Traffic;

fn main() {
    divan::main();
}

const ENTRIES: [usize; 2] = [2_000, 20_000];

#[divan::bench(args = ENTRIES, sample_count = 5, sample_size = 1)]
fn sign_in_loop(bencher: Bencher<'_, '_>, entries: usize) {
    bench(bencher, Traffic::Loop, entries);
}

#[divan::bench(args = ENTRIES, sample_count = 5, sample_size = 1)]
fn silent_failures(bencher: Bencher<'_, '_>, entries: usize) {
    bench(bencher, Traffic::SilentFailures, entries);
}

#[divan::bench(args = ENTRIES, sample_count = 5, sample_size = 1)]
fn different_failures(bencher: Bencher<'_, '_>, entries: usize) {
    bench(bencher, Traffic::DifferentFailures, entries);
}

#[divan::bench(args = ENTRIES, sample_count = 5, sample_size = 1)]
fn refreshes(bencher: Bencher<'_, '_>, entries: usize) {
    bench(bencher, Traffic::Refreshes, entries);
}

#[divan::bench(args = ENTRIES, sample_count = 5, sample_size = 1)]
fn refused_calls(bencher: Bencher<'_, '_>, entries: usize) {
    bench(bencher, Traffic::RefusedCalls, entries);
}

fn bench(bencher: Bencher<'_, '_>, traffic: Traffic, entries: usize) {
    let capture = Capture::open(&sign_ins::file(traffic, entries)).expect("the file is a HAR");
    let knowledge = Knowledge::builtin();
    bencher.counter(ItemsCount::new(entries)).bench_local(|| drop(black_box(analyze(&capture, &knowledge))));
}
