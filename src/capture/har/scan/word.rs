//! Numbers, `true`, `false` and `null`.

/// Whether a number or word ends before this byte.
#[inline(always)]
pub(super) fn ends(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'{' | b'}' | b'[' | b']' | b':' | b',' | b'"')
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
