//! A HAR as the comparison reads it: the members that a summary of every entry needs. Everything else is skipped by the
//! reader that is compared. Texts are borrowed from the file wherever they have no escapes.

use serde::Deserialize;
use std::borrow::Cow;
use std::env;
use std::error::Error;
use std::fs::File;

/// The document.
#[derive(Deserialize)]
pub struct Document<'d> {
    #[serde(borrow)]
    log: Log<'d>,
}

#[derive(Deserialize)]
struct Log<'d> {
    #[serde(borrow)]
    entries: Vec<Entry<'d>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "what is read is what counts")]
struct Entry<'d> {
    #[serde(borrow)]
    started_date_time: Cow<'d, str>,
    time: f64,
    #[serde(borrow)]
    request: Request<'d>,
    #[serde(borrow)]
    response: Response<'d>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is read is what counts")]
struct Request<'d> {
    #[serde(borrow)]
    method: Cow<'d, str>,
    #[serde(borrow)]
    url: Cow<'d, str>,
    #[serde(borrow)]
    headers: Vec<Header<'d>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is read is what counts")]
struct Response<'d> {
    status: i32,
    #[serde(borrow)]
    headers: Vec<Header<'d>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is read is what counts")]
struct Header<'d> {
    #[serde(borrow)]
    name: Cow<'d, str>,
    #[serde(borrow)]
    value: Cow<'d, str>,
}

/// Maps the file that is named on the command line, reads it and says how many of its entries went to the sign-in service.
pub fn read_with(read: impl for<'d> FnOnce(&'d [u8]) -> Result<Document<'d>, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let file = File::open(env::args_os().nth(1).ok_or("name a file")?)?;
    // SAFETY: nobody changes the file while it is measured.
    let bytes = unsafe { memmap2::Mmap::map(&file)? };
    let document = read(&bytes)?;
    let entries = &document.log.entries;
    let sign_ins = entries.iter().filter(|entry| entry.request.url.starts_with("https://login.microsoftonline.com/")).count();
    println!("{sign_ins} of {}", entries.len());
    Ok(())
}
