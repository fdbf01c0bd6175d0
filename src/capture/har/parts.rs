//! One entry as it stands in the file: which parts it has, none of them decoded or copied yet.

use super::json::{Break, Cursor, Key, Raw};
use super::note;
use crate::capture::selection::Lines;
use std::borrow::Cow;

/// An entry's parts.
#[derive(Default)]
pub(super) struct EntryParts<'a> {
    pub(super) started: Option<Raw<'a>>,
    pub(super) time: Option<Raw<'a>>,
    pub(super) page: Option<Raw<'a>>,
    pub(super) resource: Option<Raw<'a>>,
    pub(super) initiator: Option<InitiatorParts<'a>>,
    pub(super) error: Option<Raw<'a>>,
    pub(super) note: Option<Raw<'a>>,
    pub(super) request: Option<RequestParts<'a>>,
    pub(super) response: Option<ResponseParts<'a>>,
}

/// What the recorder says made the browser send a request.
#[derive(Default)]
pub(super) struct InitiatorParts<'a> {
    pub(super) kind: Option<Raw<'a>>,
    pub(super) url: Option<Raw<'a>>,
    pub(super) stack: StackParts<'a>,
}

/// A JavaScript call stack.
#[derive(Default)]
pub(super) struct StackParts<'a> {
    /// The script on top.
    pub(super) url: Option<Raw<'a>>,
    /// The stack that started this one.
    pub(super) parent: Option<Raw<'a>>,
}

/// A request's parts.
#[derive(Default)]
pub(super) struct RequestParts<'a> {
    pub(super) method: Option<Raw<'a>>,
    pub(super) url: Option<Raw<'a>>,
    pub(super) headers: Option<HeaderParts<'a>>,
    pub(super) cookies: Option<Raw<'a>>,
    pub(super) body_size: Option<Raw<'a>>,
    pub(super) body: Option<BodyParts<'a>>,
}

/// A response's parts.
#[derive(Default)]
pub(super) struct ResponseParts<'a> {
    pub(super) status: Option<Raw<'a>>,
    pub(super) headers: Option<HeaderParts<'a>>,
    pub(super) cookies: Option<Raw<'a>>,
    pub(super) redirect: Option<Raw<'a>>,
    pub(super) error: Option<Raw<'a>>,
    pub(super) failure_text: Option<Raw<'a>>,
    pub(super) charles_status: Option<Raw<'a>>,
    pub(super) body: Option<BodyParts<'a>>,
}

/// A body's parts, posted (`postData`) or received (`content`).
#[derive(Default)]
pub(super) struct BodyParts<'a> {
    pub(super) mime: Option<Raw<'a>>,
    pub(super) size: Option<Raw<'a>>,
    pub(super) text: Option<Raw<'a>>,
    pub(super) encoding: Option<Raw<'a>>,
    pub(super) params: Option<Raw<'a>>,
    /// The file beside the HAR into which Playwright's "attach" mode puts the body.
    pub(super) attached: Option<Raw<'a>>,
}

/// Header lines as the file has them.
#[derive(Default)]
pub(super) struct HeaderParts<'a> {
    /// Names as written, and values as the file has them.
    pub(super) lines: Vec<(Key<'a>, Raw<'a>)>,
    /// Whether some could not be understood.
    pub(super) damaged: bool,
}

impl<'a> EntryParts<'a> {
    /// Takes one value; `None` if it is no object.
    pub(super) fn take(cursor: &mut Cursor<'a>) -> Result<Option<Self>, Break> {
        let mut entry = Self::default();
        let taken = object(cursor, |key, cursor| {
            match &*key {
                b"startedDateTime" => entry.started = cursor.present()?,
                b"time" => entry.time = cursor.present()?,
                b"pageref" => entry.page = cursor.present()?,
                b"_resourceType" => entry.resource = cursor.present()?,
                b"_initiator" => entry.initiator = InitiatorParts::take(cursor)?,
                b"_error" => entry.error = cursor.present()?,
                note::KEY => entry.note = cursor.present()?,
                b"request" => entry.request = RequestParts::take(cursor)?,
                b"response" => entry.response = ResponseParts::take(cursor)?,
                _ => {
                    cursor.value()?;
                }
            }
            Ok(())
        })?;
        Ok(taken.then_some(entry))
    }
}

impl<'a> InitiatorParts<'a> {
    /// Takes one value; `None` if it is neither an object nor a string.
    fn take(cursor: &mut Cursor<'a>) -> Result<Option<Self>, Break> {
        let mut initiator = Self::default();
        if cursor.peek() == Some(b'"') {
            // WebPageTest and chrome-har write an address only.
            initiator.url = cursor.present()?;
            return Ok(Some(initiator));
        }
        let taken = object(cursor, |key, cursor| {
            match &*key {
                b"type" => initiator.kind = cursor.present()?,
                b"url" => initiator.url = cursor.present()?,
                b"stack" => initiator.stack = StackParts::take(cursor)?,
                _ => {
                    cursor.value()?;
                }
            }
            Ok(())
        })?;
        Ok(taken.then_some(initiator))
    }
}

impl<'a> StackParts<'a> {
    /// Takes one value; what is no stack is an empty one.
    pub(super) fn take(cursor: &mut Cursor<'a>) -> Result<Self, Break> {
        let mut stack = Self::default();
        object(cursor, |key, cursor| {
            match &*key {
                b"callFrames" if cursor.peek() == Some(b'[') => cursor.array(|cursor| stack.take_frame(cursor))?,
                b"parent" => stack.parent = cursor.present()?,
                _ => {
                    cursor.value()?;
                }
            }
            Ok(())
        })?;
        Ok(stack)
    }

    fn take_frame(&mut self, cursor: &mut Cursor<'a>) -> Result<(), Break> {
        if self.url.is_some() {
            return cursor.value().map(|_| ());
        }
        object(cursor, |key, cursor| {
            let value = cursor.value()?;
            // Code that was evaluated has an empty address.
            if *key == *b"url" && value.bytes() != b"\"\"" {
                self.url = Some(value);
            }
            Ok(())
        })?;
        Ok(())
    }
}

impl<'a> RequestParts<'a> {
    fn take(cursor: &mut Cursor<'a>) -> Result<Option<Self>, Break> {
        let mut request = Self::default();
        let taken = object(cursor, |key, cursor| {
            match &*key {
                b"method" => request.method = cursor.present()?,
                b"url" => request.url = cursor.present()?,
                b"headers" => request.headers = HeaderParts::take(cursor)?,
                b"cookies" => request.cookies = cursor.present()?,
                b"bodySize" => request.body_size = cursor.present()?,
                b"postData" => request.body = BodyParts::take(cursor)?,
                _ => {
                    cursor.value()?;
                }
            }
            Ok(())
        })?;
        Ok(taken.then_some(request))
    }
}

impl<'a> ResponseParts<'a> {
    fn take(cursor: &mut Cursor<'a>) -> Result<Option<Self>, Break> {
        let mut response = Self::default();
        let taken = object(cursor, |key, cursor| {
            match &*key {
                b"status" => response.status = cursor.present()?,
                b"headers" => response.headers = HeaderParts::take(cursor)?,
                b"cookies" => response.cookies = cursor.present()?,
                b"redirectURL" => response.redirect = cursor.present()?,
                b"_error" => response.error = cursor.present()?,
                b"_failureText" => response.failure_text = cursor.present()?,
                b"_charlesStatus" => response.charles_status = cursor.present()?,
                b"content" => response.body = BodyParts::take(cursor)?,
                _ => {
                    cursor.value()?;
                }
            }
            Ok(())
        })?;
        Ok(taken.then_some(response))
    }
}

impl<'a> BodyParts<'a> {
    fn take(cursor: &mut Cursor<'a>) -> Result<Option<Self>, Break> {
        let mut body = Self::default();
        let taken = object(cursor, |key, cursor| {
            match &*key {
                b"mimeType" => body.mime = cursor.present()?,
                b"size" => body.size = cursor.present()?,
                b"text" => body.text = cursor.present()?,
                // Charles 1.3 and others mark binary posts so, which the specification does not foresee.
                b"encoding" | b"_encoding" => body.encoding = cursor.present()?,
                b"params" => body.params = cursor.present()?,
                b"_file" | b"_sha1" => body.attached = cursor.present()?.or(body.attached),
                _ => {
                    cursor.value()?;
                }
            }
            Ok(())
        })?;
        Ok(taken.then_some(body))
    }
}

impl<'a> HeaderParts<'a> {
    /// Takes one value; `None` if it is neither an array nor an object.
    fn take(cursor: &mut Cursor<'a>) -> Result<Option<Self>, Break> {
        // Room for what browsers send, so that it is not copied while it grows.
        let mut headers = Self { lines: Vec::with_capacity(32), damaged: false };
        match cursor.peek() {
            Some(b'[') => cursor.array(|cursor| headers.take_line(cursor))?,
            Some(b'{') => cursor.object(|name, cursor| {
                headers.push(Some(name), cursor.value()?);
                Ok(())
            })?,
            _ => {
                cursor.value()?;
                return Ok(None);
            }
        }
        Ok(Some(headers))
    }

    /// One line: an object, or a pair as Slack's exporter writes.
    fn take_line(&mut self, cursor: &mut Cursor<'a>) -> Result<(), Break> {
        let mut name = None;
        let mut value = None;
        match cursor.peek() {
            Some(b'{') => cursor.object(|key, cursor| {
                match &*key {
                    b"name" => name = cursor.value()?.key(),
                    b"value" => value = Some(cursor.value()?),
                    _ => {
                        cursor.value()?;
                    }
                }
                Ok(())
            })?,
            Some(b'[') => cursor.array(|cursor| {
                let item = cursor.value()?;
                match name {
                    None => name = item.key(),
                    Some(_) => value = Some(item),
                }
                Ok(())
            })?,
            _ => {
                cursor.value()?;
            }
        }
        // A name without a value is an empty header, as exporters write it that leave "value" out.
        self.push(name, value.unwrap_or(Raw::EMPTY_STRING));
        Ok(())
    }

    fn push(&mut self, name: Option<Key<'a>>, value: Raw<'a>) {
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            self.damaged = true;
            return;
        };
        match value.bytes() {
            b"null" => self.lines.push((name, Raw::EMPTY_STRING)),
            // The object form writes repeated headers as an array.
            [b'[', ..] => self.lines.extend(value.items().into_iter().map(|item| (name.clone(), item))),
            [b'{', ..] => self.damaged = true,
            _ => self.lines.push((name, value)),
        }
    }
}

impl Lines for HeaderParts<'_> {
    fn all(&self, wanted: &str) -> impl Iterator<Item = Cow<'_, str>> {
        let found = self.lines.iter().filter(move |(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes()));
        found.map(|(_, value)| value.text())
    }
}

/// Walks an object; `false` if the value is none, which is then skipped.
pub(in crate::capture) fn object<'a>(
    cursor: &mut Cursor<'a>,
    field: impl FnMut(Key<'a>, &mut Cursor<'a>) -> Result<(), Break>,
) -> Result<bool, Break> {
    if cursor.peek() == Some(b'{') {
        cursor.object(field)?;
        return Ok(true);
    }
    cursor.value()?;
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(json: &str) -> EntryParts<'_> {
        EntryParts::take(&mut Cursor::new(json.as_bytes())).unwrap().unwrap()
    }

    fn lines(headers: &str) -> (Vec<(String, String)>, bool) {
        let json = format!(r#"{{"request":{{"headers":{headers}}}}}"#);
        let headers = parts(&json).request.unwrap().headers.unwrap();
        let line = |(name, value): &(Key<'_>, Raw<'_>)| (String::from_utf8_lossy(name).into(), value.text().into());
        (headers.lines.iter().map(line).collect(), headers.damaged)
    }

    fn expected(lines: &[(&str, &str)]) -> Vec<(String, String)> {
        lines.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn headers_in_three_shapes() {
        let both = expected(&[("Host", "a"), ("Accept", "b")]);
        assert_eq!(lines(r#"[{"name":"Host","value":"a"},{"value":"b","name":"Accept"}]"#), (both.clone(), false));
        assert_eq!(lines(r#"[["Host","a"],["Accept","b"]]"#), (both.clone(), false));
        assert_eq!(lines(r#"{"Host":"a","Accept":["b"]}"#), (both, false));
    }

    #[test]
    fn odd_header_values() {
        let (found, damaged) =
            lines(r#"[{"name":"n","value":12},{"name":"z","value":null},{"name":"y"},"x",{"value":"v"},{"name":"o","value":{}}]"#);
        assert_eq!(found, expected(&[("n", "12"), ("z", ""), ("y", "")]));
        assert!(damaged);
    }

    #[test]
    fn parts_of_the_wrong_kind_are_missing_parts() {
        let entry = parts(r#"{"request":"x","response":[1,{"a":"\ud800"}],"time":null}"#);
        assert!(entry.request.is_none() && entry.response.is_none() && entry.time.is_none());
        let request = parts(r#"{"request":{"headers":"x","postData":7}}"#).request.unwrap();
        assert!(request.headers.is_none() && request.body.is_none());
        assert!(EntryParts::take(&mut Cursor::new(b"\"x\"")).unwrap().is_none());
    }

    #[test]
    fn escaped_and_repeated_keys() {
        let entry = parts(r#"{"request":{"\u0075rl":"a","url":"b"}}"#);
        assert_eq!(entry.request.unwrap().url.unwrap().string().unwrap(), "b");
    }
}
