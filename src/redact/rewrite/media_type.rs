//! Media types with their parameters: mail programs and servers write the name of a file among them.

use super::Rewriter;

/// Parameters that say how a body is written (RFC 9110 §8.3, RFC 2046, OData 4.01 §4.1), in small letters.
const OF_THE_CODING: [&str; 9] =
    ["charset", "boundary", "type", "version", "ieee754compatible", "streaming", "metadata", "protocol", "micalg"];

impl Rewriter<'_> {
    /// A media type (RFC 9110 §8.3.1). Of its parameters those stay that say how a body is written.
    pub(super) fn media_type(&mut self, text: &str) -> String {
        let Some((sort, parameters)) = text.split_once(';') else { return self.prose(text) };
        let mut out = self.prose(sort);
        for parameter in parameters.split(';') {
            out.push(';');
            out.push_str(&self.parameter_of_media(parameter));
        }
        out
    }

    fn parameter_of_media(&mut self, parameter: &str) -> String {
        let Some((before, value)) = parameter.split_once('=') else { return self.field("", parameter) };
        let name = before.trim().trim_end_matches('*');
        let last = name.rsplit('.').next().unwrap_or(name);
        // A sentence is none of these.
        if OF_THE_CODING.iter().any(|known| known.eq_ignore_ascii_case(last)) && !value.trim().contains(' ') {
            return self.prose(parameter);
        }
        let inner = value.trim().trim_matches('"');
        let start = value.len() - value.trim_start().trim_start_matches('"').len();
        let end = value.get(start + inner.len()..).unwrap_or_default();
        format!("{before}={}{}{end}", value.get(..start).unwrap_or_default(), self.field(name, inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::redact::Options;

    #[test]
    fn only_how_a_body_is_written_stays() {
        let media_type = |text: &str| Rewriter::new(&Knowledge::builtin(), &Options::default()).media_type(text);
        for text in [
            "",
            "text/html; charset=utf-8",
            "multipart/form-data; boundary=----WebKitFormBoundaryA1b2C3d4E5f6G7h8",
            "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
            "application/xop+xml; type=\"text/xml\"",
            "text/html;",
        ] {
            assert_eq!(media_type(text), text);
        }
        for (text, expected) in [
            ("application/pdf; name=\"Ada Lovelace.pdf\"", "application/pdf; name=\"redacted-name-1\""),
            ("application/pdf; name=ada.pdf ;charset=utf-8", "application/pdf; name=redacted-parameter-1 ;charset=utf-8"),
            ("text/plain; name=\"Ada; secret.pdf\"", "text/plain; name=\"redacted-parameter-1;redacted-parameter-2"),
            ("text/plain; filename*=UTF-8''Ada%20Lovelace", "text/plain; filename*=redacted-parameter-1"),
            ("text/plain; charset=\"Ada Lovelace\"", "text/plain; charset=\"redacted-parameter-1\""),
        ] {
            assert_eq!(media_type(text), expected, "{text}");
            assert_eq!(media_type(expected), expected);
        }
    }
}
