//! Deflated bytes, and a quick look at whether some bytes are any.
//!
//! Every run of letters might be base64 of deflated bytes, and nearly none is. The decoder needs 40 kB of memory
//! to find out; the first bytes tell as much of most.

use super::runs::letter;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// What is inflated of one value, in bytes.
pub(super) const MOST_INFLATED: u64 = 4 << 20;

/// The shortest text that is taken for inflated bytes.
const SHORTEST: usize = 4;

/// How many bytes the quick look goes through, of base64 and of what they inflate to.
const MOST_LOOKED_AT: usize = 96;
const MOST_OUTPUT: usize = 512;

/// How many bytes of a block tell whether it can be one, but for one with fixed codes.
const HEADER: usize = 12;

/// Bytes that were deflated, zlib-wrapped or gzipped.
pub(super) fn inflated(bytes: &[u8]) -> Option<Vec<u8>> {
    fn read(decoder: impl Read) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        // What came before damage is looked at too.
        let _ = decoder.take(MOST_INFLATED).read_to_end(&mut out);
        (out.len() >= SHORTEST).then_some(out)
    }
    match bytes {
        [0x1F, 0x8B, ..] => read(MultiGzDecoder::new(bytes)),
        [0x78, ..] => read(ZlibDecoder::new(bytes)).or_else(|| read(DeflateDecoder::new(bytes))),
        _ => read(DeflateDecoder::new(bytes)),
    }
}

/// What a quick look at a run of base64 tells.
#[derive(Debug)]
pub(super) enum Glance {
    /// [`inflated`] would give nothing.
    Nothing,
    /// It would give the bytes that were asked for, or some of the first of them.
    Bytes,
    /// It has to be asked.
    Unsure,
}

/// Looks at what the bytes under a run of base64 inflate to, which are put into `out` as far as they are short.
pub(super) fn glance(run: &[u8], out: &mut Vec<u8>) -> Glance {
    out.clear();
    if begins_no_block(run) {
        return Glance::Nothing;
    }
    let mut buffer = [0_u8; MOST_LOOKED_AT];
    let Some(mut length) = decode(run.get(..HEADER / 3 * 4).unwrap_or(run), &mut buffer) else { return Glance::Unsure };
    let is_fixed = buffer.first().is_some_and(|first| first >> 1 & 0b11 == 1);
    if is_fixed && run.len() > HEADER / 3 * 4 {
        let Some(all) = decode(run.get(..MOST_LOOKED_AT / 3 * 4).unwrap_or(run), &mut buffer) else { return Glance::Unsure };
        length = all;
    }
    let bytes = buffer.get(..length).unwrap_or_default();
    match bytes {
        [0x1F, 0x8B, ..] => return Glance::Unsure,
        // RFC 1950 §2.2: the two bytes can be divided by 31.
        [0x78, second, ..] if (0x7800 + u32::from(*second)) % 31 == 0 => return Glance::Unsure,
        _ => {}
    }
    // What is no block with fixed codes ends within the first bytes, or is not looked at further.
    let is_all = run.len() <= MOST_LOOKED_AT / 3 * 4;
    match blocks(&mut Bits { bytes, at: 0 }, out) {
        End::Error => Glance::Nothing,
        End::Input if !is_all => Glance::Unsure,
        End::Input | End::Stream if out.len() < SHORTEST => Glance::Nothing,
        End::Input | End::Stream => Glance::Bytes,
        End::Unsure => Glance::Unsure,
    }
}

/// Whether the first eight letters of a run tell that nothing comes of it: of three in four words they do.
fn begins_no_block(run: &[u8]) -> bool {
    let Some(first) = run.first_chunk::<8>() else { return false };
    let mut bits = 0;
    for byte in first {
        let Some(value) = letter(*byte) else { return false };
        bits = bits << 6 | u64::from(value);
    }
    // The first byte lowest, as deflated bits are read.
    let bits = (bits << 16).swap_bytes();
    // What begins like a gzip or zlib header may be one.
    if matches!(bits & 0xFF, 0x1F | 0x78) {
        return false;
    }
    match bits >> 1 & 0b11 {
        0 => (bits >> 8 ^ bits >> 24) & 0xFFFF != 0xFFFF,
        2 => {
            let count = (bits >> 13 & 0b1111) + 4;
            let lengths = (0..count.min(10)).map(|place| bits >> (17 + 3 * place) & 0b111).filter(|length| *length > 0);
            // As in `dynamic`; more codes only add to what is too much already.
            lengths.map(|length| 0x80 >> length).sum::<u64>() > 0x80
        }
        3 => true,
        _ => false,
    }
}

/// Puts the bytes under a run of base64 into a buffer; how many there are. `None` where it is no base64.
fn decode(run: &[u8], buffer: &mut [u8]) -> Option<usize> {
    let (mut length, mut bits, mut count) = (0, 0_u32, 0);
    for byte in run {
        bits = bits << 6 | u32::from(letter(*byte)?);
        count += 6;
        if count >= 8 {
            count -= 8;
            *buffer.get_mut(length)? = (bits >> count & 0xFF) as u8;
            length += 1;
        }
    }
    Some(length)
}

/// How the look at deflated bytes ended.
enum End {
    /// With an error that the decoder finds too.
    Error,
    /// There are no more bytes.
    Input,
    /// At the end of what was deflated.
    Stream,
    /// It was not looked further.
    Unsure,
}

struct Bits<'b> {
    bytes: &'b [u8],
    /// How many bits were taken.
    at: usize,
}

impl Bits<'_> {
    /// The next bits, without taking them; zeros behind the end.
    fn peek(&self) -> u32 {
        let byte = |place: usize| self.bytes.get(self.at / 8 + place).copied().unwrap_or_default();
        u32::from_le_bytes([byte(0), byte(1), byte(2), byte(3)]) >> (self.at % 8)
    }

    fn left(&self) -> usize {
        (self.bytes.len() * 8).saturating_sub(self.at)
    }

    fn take(&mut self, count: u32) -> Option<u32> {
        if self.left() < count as usize {
            return None;
        }
        let bits = self.peek() & ((1 << count) - 1);
        self.at += count as usize;
        Some(bits)
    }
}

/// The blocks of RFC 1951 §3.2.3.
fn blocks(bits: &mut Bits<'_>, out: &mut Vec<u8>) -> End {
    loop {
        let Some(header) = bits.take(3) else { return End::Input };
        match header >> 1 {
            0 => {
                bits.at = bits.at.next_multiple_of(8);
                let (Some(length), Some(inverse)) = (bits.take(16), bits.take(16)) else { return End::Input };
                return if length ^ inverse == 0xFFFF { End::Unsure } else { End::Error };
            }
            1 => match fixed(bits, out) {
                None => {}
                Some(end) => return end,
            },
            2 => return dynamic(bits),
            _ => return End::Error,
        }
        if header & 1 == 1 {
            return End::Stream;
        }
    }
}

/// Whether the code of a block's own codes can be one (RFC 1951 §3.2.7): if not, nothing comes of the block.
fn dynamic(bits: &mut Bits<'_>) -> End {
    let (Some(_), Some(_), Some(count)) = (bits.take(5), bits.take(5), bits.take(4)) else { return End::Input };
    let (mut total, mut used) = (0, 0);
    for _ in 0..count + 4 {
        let Some(length) = bits.take(3) else { return End::Input };
        if length > 0 {
            used += 1;
            total += 0x80 >> length;
        }
    }
    if total != 0x80 && used > 1 { End::Error } else { End::Unsure }
}

/// What is added to the first length or distance of a code, and what that is (RFC 1951 §3.2.5).
const LENGTHS: [(u32, u16); 29] = [
    (0, 3),
    (0, 4),
    (0, 5),
    (0, 6),
    (0, 7),
    (0, 8),
    (0, 9),
    (0, 10),
    (1, 11),
    (1, 13),
    (1, 15),
    (1, 17),
    (2, 19),
    (2, 23),
    (2, 27),
    (2, 31),
    (3, 35),
    (3, 43),
    (3, 51),
    (3, 59),
    (4, 67),
    (4, 83),
    (4, 99),
    (4, 115),
    (5, 131),
    (5, 163),
    (5, 195),
    (5, 227),
    (0, 258),
];
const DISTANCES: [(u32, u16); 30] = [
    (0, 1),
    (0, 2),
    (0, 3),
    (0, 4),
    (1, 5),
    (1, 7),
    (2, 9),
    (2, 13),
    (3, 17),
    (3, 25),
    (4, 33),
    (4, 49),
    (5, 65),
    (5, 97),
    (6, 129),
    (6, 193),
    (7, 257),
    (7, 385),
    (8, 513),
    (8, 769),
    (9, 1025),
    (9, 1537),
    (10, 2049),
    (10, 3073),
    (11, 4097),
    (11, 6145),
    (12, 8193),
    (12, 12289),
    (13, 16385),
    (13, 24577),
];

/// A block with the codes of RFC 1951 §3.2.6; `None` at its end.
fn fixed(bits: &mut Bits<'_>, out: &mut Vec<u8>) -> Option<End> {
    loop {
        // Codes begin with their highest bit.
        let code = bits.peek().reverse_bits();
        let (length, symbol) = match code >> 23 {
            nine @ 0..0x060 => (7, 256 + (nine >> 2)),
            nine @ 0x060..0x180 => (8, (nine >> 1) - 0x30),
            nine @ 0x180..0x190 => (8, 280 + (nine >> 1) - 0xC0),
            nine => (9, 144 + nine - 0x190),
        };
        if bits.take(length).is_none() {
            return Some(End::Input);
        }
        match symbol {
            256 => return None,
            0..256 => out.push(symbol as u8),
            _ => {
                let Some((extra, base)) = LENGTHS.get(symbol as usize - 257) else { return Some(End::Error) };
                let Some(added) = bits.take(*extra) else { return Some(End::Input) };
                let length = u32::from(*base) + added;
                let distance = bits.peek().reverse_bits() >> 27;
                if bits.take(5).is_none() {
                    return Some(End::Input);
                }
                let Some((extra, base)) = DISTANCES.get(distance as usize) else { return Some(End::Error) };
                let Some(added) = bits.take(*extra) else { return Some(End::Input) };
                let distance = (u32::from(*base) + added) as usize;
                for _ in 0..length {
                    // The decoder has zeros before the beginning.
                    let byte = out.len().checked_sub(distance).and_then(|place| out.get(place)).copied().unwrap_or_default();
                    out.push(byte);
                }
            }
        }
        if out.len() > MOST_OUTPUT {
            return Some(End::Unsure);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD_NO_PAD;
    use flate2::{Compression, write::DeflateEncoder};
    use proptest::prelude::*;
    use std::io::Write as _;

    fn agree(bytes: &[u8]) -> Result<(), TestCaseError> {
        let mut out = Vec::new();
        let glance = glance(STANDARD_NO_PAD.encode(bytes).as_bytes(), &mut out);
        let real = inflated(bytes);
        match glance {
            Glance::Nothing => prop_assert!(real.is_none(), "{bytes:?} {real:?}"),
            // Of bytes that end within a block nothing may come.
            Glance::Bytes => prop_assert!(real.as_ref().is_none_or(|real| *real == out), "{bytes:?} {real:?} {out:?}"),
            Glance::Unsure => {}
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]
        #[test]
        fn a_glance_sees_what_there_is(bytes in prop::collection::vec(any::<u8>(), 0..120), kind in 0_u8..8) {
            let mut bytes = bytes;
            if let Some(first) = bytes.first_mut() {
                *first = *first & !7 | kind;
            }
            agree(&bytes)?;
        }

        #[test]
        fn a_glance_sees_what_was_deflated(text in "[a-c]{0,60}", level in 0_u32..10, cut in 0_usize..9) {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(level));
            encoder.write_all(text.as_bytes()).unwrap();
            let bytes = encoder.finish().unwrap();
            agree(&bytes[..bytes.len().saturating_sub(cut)])?;
        }
    }
}
