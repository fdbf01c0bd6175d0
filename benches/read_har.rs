//! How fast a HAR is read: entrace, `serde_json::Value` of the same bytes, and a plain read of the file.
//!
//! Both readers are given the bytes, and the time includes letting go of the bytes and of what was made of
//! them. `cargo bench --bench read_har`; the files are generated on the first run. See `docs/performance.md`.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a bench that can't run should say so and stop")]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod generator;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use entrace::capture::Capture;
use generator::Shape;
use std::fs;

const MEGABYTES: u64 = 100;
const SHAPES: [Shape; 2] = [Shape::Bodies, Shape::NoBodies];

fn main() {
    divan::main();
}

#[divan::bench(args = SHAPES, sample_count = 15, sample_size = 1)]
fn a_plain_read(bencher: Bencher<'_, '_>, shape: Shape) {
    let path = generator::file(shape, MEGABYTES).path;
    let size = fs::metadata(&path).expect("the file is there").len();
    bencher.counter(BytesCount::new(size)).bench(|| fs::read(&path).expect("the file is readable"));
}

#[divan::bench(args = SHAPES, sample_count = 15, sample_size = 1)]
fn entrace(bencher: Bencher<'_, '_>, shape: Shape) {
    let bytes = fs::read(generator::file(shape, MEGABYTES).path).expect("the file is readable");
    bencher
        .counter(BytesCount::new(bytes.len()))
        .with_inputs(|| bytes.clone())
        .bench_values(|bytes| drop(black_box(Capture::from_bytes(bytes).expect("the file is a HAR"))));
}

#[divan::bench(args = SHAPES, sample_count = 15, sample_size = 1)]
fn serde_json_value(bencher: Bencher<'_, '_>, shape: Shape) {
    let bytes = fs::read(generator::file(shape, MEGABYTES).path).expect("the file is readable");
    bencher
        .counter(BytesCount::new(bytes.len()))
        .with_inputs(|| bytes.clone())
        .bench_values(|bytes| drop(black_box(serde_json::from_slice::<serde_json::Value>(&bytes).expect("the file is JSON"))));
}
