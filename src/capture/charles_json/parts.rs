//! One transaction as it stands in the file: which parts it has, none of them decoded or copied yet.

use crate::capture::har::{Break, Cursor, Raw};
use crate::capture::json_entries::{Lines, object};

/// A transaction's parts.
#[derive(Default)]
pub(super) struct Parts<'a> {
    /// `COMPLETE`, `FAILED` and so on.
    pub(super) status: Option<Raw<'a>>,
    pub(super) error: Option<Raw<'a>>,
    pub(super) method: Option<Raw<'a>>,
    pub(super) scheme: Option<Raw<'a>>,
    pub(super) host: Option<Raw<'a>>,
    pub(super) port: Option<Raw<'a>>,
    /// The port where `port` has none.
    pub(super) actual_port: Option<Raw<'a>>,
    pub(super) path: Option<Raw<'a>>,
    pub(super) query: Option<Raw<'a>>,
    /// Whether Charles only passed on what went through.
    pub(super) tunnel: bool,
    pub(super) web_socket: bool,
    pub(super) times: Times<'a>,
    /// `durations.total`, in milliseconds.
    pub(super) duration: Option<Raw<'a>>,
    pub(super) request: Side<'a>,
    pub(super) response: Side<'a>,
}

/// When things happened.
#[derive(Default)]
pub(super) struct Times<'a> {
    pub(super) start: Option<Raw<'a>>,
    pub(super) request_begin: Option<Raw<'a>>,
}

/// A request's or a response's parts.
#[derive(Default)]
pub(super) struct Side<'a> {
    /// The HTTP status of a response.
    pub(super) status: Option<Raw<'a>>,
    pub(super) mime: Option<Raw<'a>>,
    /// `sizes.body`: what the body had in bytes on the wire.
    pub(super) size: Option<Raw<'a>>,
    pub(super) headers: Lines<'a>,
    pub(super) body: Body<'a>,
}

/// A body's parts.
#[derive(Default)]
pub(super) struct Body<'a> {
    /// The body as text.
    pub(super) text: Option<Raw<'a>>,
    /// The body as `encoding` says, which is always base64.
    pub(super) encoded: Option<Raw<'a>>,
    /// Whether Charles has undone the content coding.
    pub(super) decoded: bool,
}

impl<'a> Parts<'a> {
    /// Takes one value; `None` if it is no object.
    pub(super) fn take(cursor: &mut Cursor<'a>) -> Result<Option<Self>, Break> {
        let mut parts = Self::default();
        let taken = object(cursor, |key, cursor| {
            match &*key {
                b"status" => parts.status = cursor.present()?,
                b"errorMessage" => parts.error = cursor.present()?,
                b"method" => parts.method = cursor.present()?,
                b"scheme" => parts.scheme = cursor.present()?,
                b"host" => parts.host = cursor.present()?,
                b"port" => parts.port = cursor.present()?,
                b"actualPort" => parts.actual_port = cursor.present()?,
                b"path" => parts.path = cursor.present()?,
                b"query" => parts.query = cursor.present()?,
                b"tunnel" => parts.tunnel = cursor.value()?.bytes() == b"true",
                b"webSocket" => parts.web_socket = cursor.value()?.bytes() == b"true",
                b"times" => parts.times = Times::take(cursor)?,
                b"durations" => parts.duration = cursor.value()?.field("total"),
                b"request" => parts.request = Side::take(cursor)?,
                b"response" => parts.response = Side::take(cursor)?,
                _ => {
                    cursor.value()?;
                }
            }
            Ok(())
        })?;
        Ok(taken.then_some(parts))
    }
}

impl<'a> Times<'a> {
    fn take(cursor: &mut Cursor<'a>) -> Result<Self, Break> {
        let times = cursor.value()?;
        Ok(Self { start: times.field("start"), request_begin: times.field("requestBegin") })
    }
}

impl<'a> Side<'a> {
    fn take(cursor: &mut Cursor<'a>) -> Result<Self, Break> {
        let mut side = Self::default();
        object(cursor, |key, cursor| {
            match &*key {
                b"status" => side.status = cursor.present()?,
                b"mimeType" => side.mime = cursor.present()?,
                b"sizes" => side.size = cursor.value()?.field("body"),
                b"header" => side.take_header(cursor)?,
                b"body" => side.body = Body::take(cursor)?,
                _ => {
                    cursor.value()?;
                }
            }
            Ok(())
        })?;
        Ok(side)
    }

    fn take_header(&mut self, cursor: &mut Cursor<'a>) -> Result<(), Break> {
        let headers = &mut self.headers;
        object(cursor, |key, cursor| {
            if *key == *b"headers" {
                return headers.take(cursor);
            }
            cursor.value()?;
            Ok(())
        })?;
        Ok(())
    }
}

impl<'a> Body<'a> {
    fn take(cursor: &mut Cursor<'a>) -> Result<Self, Break> {
        let mut body = Self::default();
        object(cursor, |key, cursor| {
            match &*key {
                b"text" => body.text = cursor.present()?,
                b"encoded" => body.encoded = cursor.present()?,
                b"decoded" => body.decoded = cursor.value()?.bytes() == b"true",
                _ => {
                    cursor.value()?;
                }
            }
            Ok(())
        })?;
        Ok(body)
    }
}
