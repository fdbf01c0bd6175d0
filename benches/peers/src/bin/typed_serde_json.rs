//! serde_json, typed, over a file that is mapped into memory.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    peers::read_with(|bytes| Ok(serde_json::from_slice(bytes)?))
}
