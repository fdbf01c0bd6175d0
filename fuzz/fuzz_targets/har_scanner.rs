//! Reads bytes as a HAR in every way there is: all have to say the same, and take for JSON what is JSON.

#![no_main]

use entrace::capture::check_for_fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // How the stream is cut depends on the bytes, so that a finding can be repeated.
    let mut state = bytes.iter().fold(0xCBF2_9CE4_8422_2325_u64, |state, byte| (state ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3));
    let sizes: Vec<usize> = (0..8)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            1 + (state >> 33) as usize % 300
        })
        .collect();
    if let Err(difference) = check_for_fuzzing(bytes, &sizes) {
        panic!("{difference}");
    }
});
