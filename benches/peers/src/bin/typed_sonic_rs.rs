//! sonic-rs, typed, over a file that is mapped into memory.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    peers::read_with(|bytes| Ok(sonic_rs::from_slice(bytes)?))
}
