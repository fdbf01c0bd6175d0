//! One event of a log.

use super::json::{Fill, Into, Loose};
use serde::de::{IgnoredAny, MapAccess};

/// An event, borrowed from the file.
#[derive(Default)]
pub(super) struct Event<'a> {
    /// Its kind, by the log's own number.
    pub(super) kind: Option<u64>,
    /// Whether it is a beginning, an end or neither.
    pub(super) phase: Option<u64>,
    /// When, in the log's ticks.
    pub(super) time: Option<f64>,
    /// What it belongs to.
    pub(super) source: Source,
    /// The rest.
    pub(super) params: Params<'a>,
}

/// What an event belongs to.
#[derive(Default)]
pub(super) struct Source {
    /// Its number, which all its events share.
    pub(super) id: Option<u64>,
    /// Its kind, by the log's own number.
    pub(super) kind: Option<u64>,
}

/// The parameters that are read, of all events together.
#[derive(Default)]
pub(super) struct Params<'a> {
    pub(super) url: Loose<'a>,
    pub(super) method: Loose<'a>,
    pub(super) network_isolation_key: Loose<'a>,
    pub(super) request_type: Loose<'a>,
    pub(super) upload_id: Loose<'a>,
    pub(super) headers: Loose<'a>,
    pub(super) location: Loose<'a>,
    pub(super) net_error: Loose<'a>,
    pub(super) operation: Loose<'a>,
    pub(super) status: Loose<'a>,
    pub(super) name: Loose<'a>,
    pub(super) privacy_mode: Loose<'a>,
    pub(super) byte_count: Loose<'a>,
    pub(super) bytes: Loose<'a>,
    /// What `bytes` was until 2018.
    pub(super) hex_encoded_bytes: Loose<'a>,
}

impl<'de> Fill<'de> for Event<'de> {
    fn member<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "type" => self.kind = map.next_value::<Loose<'de>>()?.id(),
            "phase" => self.phase = map.next_value::<Loose<'de>>()?.id(),
            "time" => self.time = map.next_value::<Loose<'de>>()?.number(),
            "source" => map.next_value_seed(Into(&mut self.source))?,
            "params" => map.next_value_seed(Into(&mut self.params))?,
            _ => map.next_value::<IgnoredAny>().map(|_| ())?,
        }
        Ok(())
    }
}

impl<'de> Fill<'de> for Source {
    fn member<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "id" => self.id = map.next_value::<Loose<'de>>()?.id(),
            "type" => self.kind = map.next_value::<Loose<'de>>()?.id(),
            _ => map.next_value::<IgnoredAny>().map(|_| ())?,
        }
        Ok(())
    }
}

impl<'de> Fill<'de> for Params<'de> {
    fn member<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        let param = match name {
            "url" => &mut self.url,
            "method" => &mut self.method,
            "network_isolation_key" => &mut self.network_isolation_key,
            "request_type" => &mut self.request_type,
            "upload_id" => &mut self.upload_id,
            "headers" => &mut self.headers,
            "location" => &mut self.location,
            "net_error" => &mut self.net_error,
            "operation" => &mut self.operation,
            "status" => &mut self.status,
            "name" => &mut self.name,
            "privacy_mode" => &mut self.privacy_mode,
            "byte_count" => &mut self.byte_count,
            "bytes" => &mut self.bytes,
            "hex_encoded_bytes" => &mut self.hex_encoded_bytes,
            _ => return map.next_value::<IgnoredAny>().map(|_| ()),
        };
        *param = map.next_value()?;
        Ok(())
    }
}
