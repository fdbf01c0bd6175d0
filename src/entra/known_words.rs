//! What is read of a body that names no code, for who writes a shorter one that is read the same: in fixed words, so that
//! nothing else of the body leaves with them.

use super::complaint::Complaint;
use super::{request_size, unknown_reply};

/// What stands for words of which none is read.
const OTHER: &str = "redacted";
/// What stands for words that only say that the request is bad.
const BAD_REQUEST: &str = "bad request";

/// What a body says that is read, in fixed words.
pub(crate) fn known_words(body: &str) -> Vec<String> {
    let known = unknown_reply::sentences_in(body).chain(request_size::sentences_in(body));
    known.map(str::to_owned).chain(Complaint::in_fixed_words(body)).collect()
}

/// What an error in XML says that is read, in fixed words.
pub(crate) fn known_xml(body: &str) -> Option<String> {
    Complaint::in_fixed_xml(body)
}

/// What stands for a body of which nothing is read: whether it tells what is wrong at all is still to be seen.
pub(crate) fn words_in_place_of(body: &str) -> Option<&'static str> {
    request_size::names_a_fault(body).map(|names_one| if names_one { OTHER } else { BAD_REQUEST })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_fixed_and_read_the_same() {
        assert_eq!(known_words("<html><h1>Correlation failed.</h1>Ada<script>invalid state</script>"), ["correlation failed"]);
        let too_long = ["request header or cookie too large", "cookie too large"];
        assert_eq!(known_words("<title>400 Request Header Or Cookie Too Large"), too_long);
        for (told, fixed) in [
            ("IDX10214: Audience validation failed. Audiences: 'api://ada'", "IDX10214"),
            ("the token of Ada has expired", "the token has expired"),
            ("jwt audience invalid. expected: api://ada", "the audience is invalid"),
            ("jwt issuer invalid", "the issuer is invalid"),
            ("invalid signature", "the signature is invalid"),
            ("insufficient scope", "insufficient scope"),
        ] {
            assert_eq!(known_words(told), [fixed]);
            assert_eq!(Complaint::in_body(fixed), Complaint::in_body(told), "{told}");
            assert_eq!(known_words(fixed), [fixed]);
        }
        assert!(known_words("<p>Hello Ada</p>").is_empty());
        let error = "<Error><Code>AuthenticationFailed</Code><Message>x</Message><AuthenticationErrorDetail>Lifetime validation failed. \
                     The token of Ada is expired.</AuthenticationErrorDetail></Error>";
        let fixed = known_xml(error).unwrap();
        assert_eq!(fixed, "<Error><AuthenticationErrorDetail>the token has expired</AuthenticationErrorDetail></Error>");
        assert_eq!(Complaint::in_body(&fixed), Complaint::in_body(error));
        assert_eq!(known_xml("<Error><Message>Hello Ada</Message></Error>"), None);
    }

    #[test]
    fn what_a_body_says_is_still_to_be_seen() {
        assert_eq!(words_in_place_of("<h1>400 Bad Request</h1><hr>nginx/1.25"), Some(BAD_REQUEST));
        assert_eq!(words_in_place_of("<p>no such order</p>"), Some(OTHER));
        assert_eq!(words_in_place_of(" <br> "), None);
    }
}
