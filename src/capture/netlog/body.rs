//! A response's body, of pieces.

use super::event::Params;
use crate::capture::http_message::text;
use crate::capture::warnings::Warnings;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The longest body that is kept. Pages of the sign-in service have some hundred KB.
const LONGEST: usize = 8 << 20;

/// The pieces that came so far. Chromium's own log holds them only where "Include raw bytes" was chosen.
#[derive(Default)]
pub(super) struct Body {
    bytes: Vec<u8>,
    recorded: bool,
    size: Option<u64>,
    /// Whether pieces are missing in the middle, so that what follows is of no use.
    broken: bool,
    cut: bool,
}

impl Body {
    /// Takes a piece.
    pub(super) fn take(&mut self, params: &Params<'_>, entry: usize, warnings: &mut Warnings) {
        if let Some(count) = params.byte_count.id() {
            self.size = Some(self.size.unwrap_or_default().saturating_add(count));
        }
        if self.broken || self.cut {
            return;
        }
        let piece = match (params.bytes.text(), params.hex_encoded_bytes.text()) {
            (Some(base64), _) => STANDARD.decode(base64).ok(),
            (None, Some(hex)) => decode_hex(hex),
            // Nothing was read: the end.
            (None, None) if params.byte_count.id() == Some(0) => return,
            (None, None) => {
                self.broken = true;
                return;
            }
        };
        let Some(mut piece) = piece else {
            warnings.add(Some(entry), "a piece of a body is not in base64: the body was read up to there");
            self.broken = true;
            return;
        };
        self.recorded = true;
        let room = LONGEST - self.bytes.len();
        if piece.len() > room {
            warnings.add(Some(entry), "a body is longer than 8 MiB: only its beginning was read");
            piece.truncate(room);
            self.cut = true;
        }
        self.bytes.append(&mut piece);
    }

    /// The bytes, as far as there are any.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How long the body is.
    pub(super) fn size(&self) -> Option<u64> {
        self.size
    }

    /// The text, in the charset that the content type names; `None` where no byte was recorded.
    pub(super) fn text(&self, content_type: Option<&str>) -> Option<String> {
        self.recorded.then(|| text(&self.bytes, content_type))
    }
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| Some(digit(high)? << 4 | digit(low)?)).collect())?
}

#[cfg(test)]
mod tests {
    use super::super::json::Loose;
    use super::*;

    fn take(body: &mut Body, base64: &str) -> usize {
        let mut warnings = Warnings::default();
        let bytes = if base64.is_empty() { Loose::Nothing } else { Loose::Text(base64.to_owned().into()) };
        body.take(&Params { bytes, byte_count: Loose::Number(3.0), ..Params::default() }, 0, &mut warnings);
        warnings.finish().len()
    }

    #[test]
    fn pieces_are_joined() {
        let mut body = Body::default();
        take(&mut body, "PGh0");
        take(&mut body, "bWw+");
        assert_eq!((body.text(None).as_deref(), body.size()), (Some("<html>"), Some(6)));
    }

    #[test]
    fn a_missing_piece_ends_it() {
        let mut body = Body::default();
        assert_eq!(take(&mut body, ""), 0);
        take(&mut body, "PGh0");
        assert_eq!((body.text(None), body.size()), (None, Some(6)));
        let mut body = Body::default();
        take(&mut body, "PGh0");
        assert_eq!(take(&mut body, "%%"), 1);
        take(&mut body, "PGh0");
        assert_eq!(body.text(None).as_deref(), Some("<ht"));
    }

    #[test]
    fn charsets_and_old_hexadecimal() {
        let mut body = Body::default();
        let params = Params { hex_encoded_bytes: Loose::Text("E4f6".into()), ..Params::default() };
        body.take(&params, 0, &mut Warnings::default());
        assert_eq!(body.text(Some("text/html; charset=\"iso-8859-1\"")).as_deref(), Some("äö"));
        assert!(decode_hex("E").is_none() && decode_hex("gg").is_none());
    }

    #[test]
    fn a_long_body_is_cut_and_told() {
        let mut body = Body::default();
        let piece = STANDARD.encode(vec![b'x'; LONGEST - 1]);
        assert_eq!(take(&mut body, &piece), 0);
        assert_eq!(take(&mut body, "PGh0"), 1);
        assert_eq!(take(&mut body, "PGh0"), 0);
        assert_eq!(body.bytes().len(), LONGEST);
    }
}
