//! Characters by the names that HTML has for them.

/// The names of the characters of ISO 8859-1 from U+00A0 on, in their order (HTML 4.01 §24.2).
const LATIN: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo", "not", "shy", "reg", "macr",
    "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot", "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34",
    "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave",
    "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute",
    "Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil", "egrave",
    "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml",
    "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
];

/// The character that a name stands for in a reference of HTML, as far as texts of errors and names of people have it.
pub(crate) fn named_character(name: &[u8]) -> Option<char> {
    Some(match name {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        // It parts words like any other space.
        b"nbsp" => ' ',
        b"rsquo" => '\u{2019}',
        b"lsquo" => '\u{2018}',
        b"ndash" => '\u{2013}',
        b"Scaron" => '\u{160}',
        b"scaron" => '\u{161}',
        _ => {
            let place = LATIN.iter().position(|known| known.as_bytes() == name)?;
            char::from_u32(0xA0 + u32::try_from(place).ok()?)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_by_their_names() {
        for (name, c) in [("euml", 'ë'), ("Uuml", 'Ü'), ("szlig", 'ß'), ("yuml", 'ÿ'), ("iexcl", '¡'), ("amp", '&')] {
            assert_eq!(named_character(name.as_bytes()), Some(c));
        }
        assert_eq!(named_character(b"unknown"), None);
    }
}
