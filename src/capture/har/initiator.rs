//! What made the browser send a request, as Chromium's tools and their imitators tell it.

use super::json::Raw;
use super::parts::{InitiatorParts, StackParts};
use crate::exchange::{Initiator, Interner, Loss, RawUrl, Recorded};

/// How many empty call stacks in a row are followed to the one that started them.
const DEEPEST: usize = 8;

/// What made the browser send the request.
pub(super) fn initiator(initiator: Option<&InitiatorParts<Raw<'_>>>, interner: &mut Interner) -> Recorded<Initiator> {
    let mut string = |part: Option<Raw<'_>>| part?.shared(interner).filter(|text| !text.is_empty());
    let kind = initiator.and_then(|initiator| string(initiator.kind));
    let url = initiator.and_then(|initiator| string(initiator.url).or_else(|| string(top_of(&initiator.stack))));
    if kind.is_none() && url.is_none() {
        return Recorded::NotKept(Loss::NotRecorded);
    }
    Recorded::Kept(Initiator { kind: kind.unwrap_or_else(|| "other".into()), url: url.map(RawUrl::new) })
}

/// The script on top of a call stack; of an empty one, of the stack that started it, and so on.
fn top_of<'a>(stack: &StackParts<Raw<'a>>) -> Option<Raw<'a>> {
    let mut url = stack.url;
    let mut parent = stack.parent;
    for _ in 0..DEEPEST {
        let (None, Some(raw)) = (url, parent) else {
            break;
        };
        let stack = StackParts::of(raw);
        (url, parent) = (stack.url, stack.parent);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::super::parts::parts_of;
    use crate::exchange::Interner;

    #[test]
    fn initiators() {
        let initiator = |json_value: &str| {
            let json = format!(r#"{{"_initiator":{json_value}}}"#);
            let found = super::initiator(parts_of(&json).initiator.as_ref(), &mut Interner::new());
            found.kept().map(|found| (found.kind.to_string(), found.url.as_ref().map(|url| url.raw().to_owned())))
        };
        let found = |kind: &str, url: Option<&str>| Some((kind.to_owned(), url.map(str::to_owned)));
        assert_eq!(initiator(r#"{"type":"parser","url":"https://a/","lineNumber":3}"#), found("parser", Some("https://a/")));
        assert_eq!(initiator(r#"{"type":"other"}"#), found("other", None));
        let stack = r#"{"type":"script","stack":{"callFrames":[{"url":""},{"url":"https://a/x.js"}]}}"#;
        assert_eq!(initiator(stack), found("script", Some("https://a/x.js")));
        let parent = r#"{"type":"script","stack":{"callFrames":[],"parent":{"callFrames":[{"url":"https://a/y.js"}]}}}"#;
        assert_eq!(initiator(parent), found("script", Some("https://a/y.js")));
        assert_eq!(initiator(r#""https://a/z.js""#), found("other", Some("https://a/z.js")));
        assert_eq!(initiator("null"), None);
        assert_eq!(initiator("[1]"), None);
    }
}
