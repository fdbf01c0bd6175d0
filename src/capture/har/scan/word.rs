//! Numbers, `true`, `false` and `null`.

/// Whether a number or word ends before this byte.
#[inline(always)]
pub(super) fn ends(byte: u8) -> bool {
    // One load instead of the jumps of a `match`.
    const ENDS: [bool; 256] = {
        let mut ends = [false; 256];
        let mut byte = 0_u8;
        let mut rest: &mut [bool] = &mut ends;
        while let [its, others @ ..] = rest {
            *its = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'{' | b'}' | b'[' | b']' | b':' | b',' | b'"');
            byte = byte.wrapping_add(1);
            rest = others;
        }
        ends
    };
    ENDS.get(usize::from(byte)).is_some_and(|ends| *ends)
}

/// How many bytes a number has that begins and ends in a text, if it has no exponent and at most seven: most numbers of a HAR.
/// Other numbers may be as sound.
#[inline(always)]
pub(super) fn short_number(text: &[u8; 8]) -> Option<u32> {
    const ONES: u64 = u64::MAX / 0xFF;
    let text = u64::from_le_bytes(*text);
    let sign = u32::from(text as u8 == b'-');
    // What comes in from above is no digit and ends nothing.
    let text = text >> (8 * sign);
    // A digit is what is less than ten then, and does not reach the highest bit of its byte. Nor does what stands for a point
    // reach the next byte.
    let digits = text ^ (ONES * b'0' as u64);
    let others = (digits.wrapping_add(ONES * (0x80 - 10)) | digits) & (ONES << 7);
    let byte = |at: u32| text.checked_shr(8 * at).map_or(0, |text| text as u8);
    let whole = others.trailing_zeros() / 8;
    let is_broken = byte(whole) == b'.';
    let length = if is_broken { (others & others.wrapping_sub(1)).trailing_zeros() / 8 } else { whole };
    let leads_with_nought = text as u8 == b'0' && whole > 1;
    let is_one = whole > 0 && !leads_with_nought && !(is_broken && length == whole + 1) && ends(byte(length));
    is_one.then_some(length + sign)
}

/// How many bytes at the beginning of a text are a number or word; or how many are the beginning of one.
pub(super) fn length(text: &[u8]) -> Result<usize, usize> {
    match text.first() {
        Some(b't') => same(text, b"true"),
        Some(b'f') => same(text, b"false"),
        Some(b'n') => same(text, b"null"),
        _ => number(text),
    }
}

fn same(text: &[u8], word: &[u8]) -> Result<usize, usize> {
    let same = text.iter().zip(word).take_while(|(byte, letter)| byte == letter).count();
    if same == word.len() { Ok(same) } else { Err(same) }
}

fn number(text: &[u8]) -> Result<usize, usize> {
    let digits_end = |start: usize| {
        let mut at = start;
        while let Some(b'0'..=b'9') = text.get(at) {
            at += 1;
        }
        if at > start { Ok(at) } else { Err(at) }
    };
    let mut at = usize::from(text.first() == Some(&b'-'));
    at = if text.get(at) == Some(&b'0') { at + 1 } else { digits_end(at)? };
    if text.get(at) == Some(&b'.') {
        at = digits_end(at + 1)?;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = matches!(text.get(at + 1), Some(b'+' | b'-'));
        at = digits_end(at + 1 + usize::from(sign))?;
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_short_number_is_a_number(text in "-?[0-9]{0,8}(\\.[0-9]{0,6})?[-0-9a-z.,:/\\x00\u{80}\\]} ]{8}") {
            let eight = *text.as_bytes().first_chunk().unwrap();
            let whole = length(text.as_bytes()).ok().filter(|length| text.bytes().take(*length).all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte)));
            let expected = whole.filter(|length| *length < 8 && ends(text.as_bytes()[*length]));
            prop_assert_eq!(short_number(&eight).map(|length| length as usize), expected);
        }
    }
}
