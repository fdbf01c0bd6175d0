//! The items of a file, found one after the other, with the two messages taken out of the XML.
//!
//! What is left of an item is a few hundred bytes, which a parser reads. The whole file is never handed to one:
//! it would be there twice, one break would end it, and a message that was saved as text (`base64="false"`) may
//! hold what ends a CDATA section. Microsoft's own sign-in page does.

use memchr::memmem;

/// The most XML that an item may have beside its messages.
const LARGEST_ITEM: usize = 32 << 20;

/// The longest tag, in bytes. A parser compares every attribute of a tag with every other.
const LONGEST_TAG: usize = 1024;

const CDATA: &[u8] = b"<![CDATA[";
const CDATA_END: &[u8] = b"]]>";

/// What comes next in a file.
pub(super) enum Next<'a> {
    /// An item.
    Item(Item<'a>),
    /// An item that cannot be read, and why.
    Bad(&'static str),
    /// The end of the list; what follows it.
    End(&'a [u8]),
    /// The file ends within the list, in what begins at this byte.
    Cut(usize),
}

/// One item.
#[derive(Default)]
pub(super) struct Item<'a> {
    /// Its XML, without the CDATA sections of its messages.
    pub(super) xml: Vec<u8>,
    /// What stands in the CDATA section of `request`.
    pub(super) request: Option<&'a [u8]>,
    /// What stands in the CDATA section of `response`.
    pub(super) response: Option<&'a [u8]>,
}

/// A walk over the items.
pub(super) struct Items<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// An element that holds a message.
#[derive(Clone, Copy)]
struct Holder {
    is_request: bool,
    /// Whether the message stands there as it is.
    is_plain: bool,
}

impl Holder {
    fn end_tag(self) -> &'static [u8] {
        if self.is_request { b"</request" } else { b"</response" }
    }
}

impl<'a> Items<'a> {
    /// A walk from the start tag of the list on; beside it that tag, as an empty element. `None` where there is no
    /// list. The DTD before it is passed over unread: it can declare nothing that an item may use.
    pub(super) fn of(bytes: &'a [u8]) -> Option<(Self, Vec<u8>)> {
        let start = memmem::find_iter(bytes, b"<items").find(|at| is_tag(bytes.get(*at..).unwrap_or_default(), b"<items"))?;
        let tag = tag(bytes.get(start..)?)?;
        Some(match tag.strip_suffix(b"/") {
            // A list that is closed at once has no items.
            Some(attributes) => (Self { bytes: b"</items>", at: 0 }, [attributes, b"/>"].concat()),
            None => (Self { bytes, at: start + tag.len() + 1 }, [tag, b"/>"].concat()),
        })
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Moves to the next `<`; false where there is none.
    fn find_markup(&mut self) -> bool {
        match memchr::memchr(b'<', self.rest()) {
            Some(before) => {
                self.at += before;
                true
            }
            None => {
                self.at = self.bytes.len();
                false
            }
        }
    }

    /// Passes over what ends with `end`; false where the file ends before.
    fn pass(&mut self, end: &[u8]) -> bool {
        match memmem::find(self.rest(), end) {
            Some(before) => {
                self.at += before + end.len();
                true
            }
            None => false,
        }
    }

    /// What comes next.
    pub(super) fn next(&mut self) -> Next<'a> {
        loop {
            let start = self.at;
            if !self.find_markup() {
                return Next::Cut(start);
            }
            let markup = self.at;
            let rest = self.rest();
            let is_whole = if is_tag(rest, b"<item") {
                return self.item();
            } else if is_tag(rest, b"</items") {
                return if self.pass(b">") { Next::End(self.rest()) } else { self.cut(markup) };
            } else if rest.starts_with(b"<!--") {
                self.pass(b"-->")
            } else if rest.starts_with(CDATA) {
                self.pass(CDATA_END)
            } else {
                self.at += 1;
                true
            };
            if !is_whole {
                return self.cut(markup);
            }
        }
    }

    /// The item that begins here.
    fn item(&mut self) -> Next<'a> {
        let start = self.at;
        let mut item = Item::default();
        let mut holder = None::<Holder>;
        let mut bad = None;
        // Up to here it is in `item.xml`.
        let mut taken = self.at;
        self.at += 1;
        loop {
            if !self.find_markup() {
                return Next::Cut(start);
            }
            let at = self.at;
            let rest = self.rest();
            let is_whole = if rest.starts_with(CDATA) {
                let Some(content) = section(rest, holder) else {
                    return self.cut(start);
                };
                self.at += CDATA.len() + content.len() + CDATA_END.len();
                if let Some(message) = holder.take() {
                    item.xml.extend_from_slice(self.bytes.get(taken..at).unwrap_or_default());
                    *(if message.is_request { &mut item.request } else { &mut item.response }) = Some(content);
                    taken = self.at;
                }
                true
            } else if rest.starts_with(b"<!--") {
                self.pass(b"-->")
            } else if is_tag(rest, b"</item") {
                if !self.pass(b">") {
                    return self.cut(start);
                }
                item.xml.extend_from_slice(self.bytes.get(taken..self.at).unwrap_or_default());
                let too_large = (item.xml.len() > LARGEST_ITEM).then_some("the item is larger than any that matters");
                return bad.or(too_large).map_or(Next::Item(item), Next::Bad);
            } else if is_tag(rest, b"<item") || is_tag(rest, b"</items") {
                return Next::Bad("the item has no end");
            } else {
                // Nothing more is asked of an item that is bad already, so that it costs no time.
                if bad.is_none() {
                    match tag(rest) {
                        Some(tag) => holder = opened(rest, tag).or(holder.filter(|holder| !is_tag(rest, holder.end_tag()))),
                        None => {
                            holder = None;
                            bad = Some("the item has a tag that is longer than any that matters");
                        }
                    }
                }
                self.at += 1;
                true
            };
            if !is_whole {
                return self.cut(start);
            }
        }
    }

    /// Ends the walk: what begins at `start` is not there to its end.
    fn cut(&mut self, start: usize) -> Next<'a> {
        self.at = self.bytes.len();
        Next::Cut(start)
    }
}

/// Whether markup is the tag of that name, which is not the beginning of a longer one.
fn is_tag(markup: &[u8], tag: &[u8]) -> bool {
    let after = markup.strip_prefix(tag).and_then(<[u8]>::first);
    after.is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))
}

/// The tag that begins here, without its `>`; `None` where it is too long or has no end.
fn tag(markup: &[u8]) -> Option<&[u8]> {
    let mut quote = None;
    let end = markup.iter().take(LONGEST_TAG).position(|byte| match (quote, byte) {
        (None, b'>') => true,
        (None, b'"' | b'\'') => {
            quote = Some(*byte);
            false
        }
        (Some(open), byte) if open == *byte => {
            quote = None;
            false
        }
        _ => false,
    })?;
    markup.get(..end)
}

/// The element that the start tag opens, if it is one for a message.
fn opened(markup: &[u8], tag: &[u8]) -> Option<Holder> {
    let is_request = is_tag(markup, b"<request");
    if !is_request && !is_tag(markup, b"<response") {
        return None;
    }
    let is_base64 = [b"base64=\"true\"" as &[u8], b"base64='true'"].iter().any(|attribute| memmem::find(tag, attribute).is_some());
    Some(Holder { is_request, is_plain: !is_base64 })
}

/// What stands in the CDATA section that begins here; `None` where it does not end.
fn section(markup: &[u8], holder: Option<Holder>) -> Option<&[u8]> {
    let inner = markup.get(CDATA.len()..)?;
    let end = match holder.filter(|holder| holder.is_plain) {
        None => memmem::find(inner, CDATA_END)?,
        Some(holder) => {
            let ends = |at: &usize| {
                let after = inner.get(at + CDATA_END.len()..).unwrap_or_default();
                is_tag(after.trim_ascii_start(), holder.end_tag())
            };
            memmem::find_iter(inner, CDATA_END).find(ends)?
        }
    };
    inner.get(..end)
}
