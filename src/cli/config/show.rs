//! `entrace config`: which files the defaults come from, and what holds.

use super::{ConfigArgs, Defaults, FOLDER, Line, NAME, Origin, VARIABLE, own, quoted};
use crate::capture::Limits;
use crate::cli::error::CliError;
use crate::cli::expected::Expected;
use crate::report::printable;
use std::env;
use std::io::Write;
use std::process::ExitCode;

/// Writes what holds, as an `entrace.toml` that says the same.
///
/// # Errors
/// When a file cannot be used, or the output cannot be written.
pub(crate) fn run(options: &ConfigArgs, stdout: &mut dyn Write) -> Result<ExitCode, CliError> {
    let defaults = Defaults::of(options)?;
    let text = files(&defaults, options) + &settings(&defaults);
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())?;
    Ok(ExitCode::SUCCESS)
}

/// The files, as a comment.
fn files(defaults: &Defaults, options: &ConfigArgs) -> String {
    let mut text = "# The values in force where no option says otherwise.\n#\n".to_owned();
    for file in &defaults.files {
        let origin = match file.origin {
            Origin::Own => "your own",
            Origin::Found => "found from the working directory",
            Origin::Named => "named",
        };
        text.push_str(&format!("# {} ({origin})\n", file.path()));
        let lines = |text: &mut String, what: &str, lines: &[Line]| {
            lines.iter().for_each(|line| text.push_str(&format!("#   {what} {}\n", line.text)));
        };
        lines(&mut text, "sets", &file.holds);
        lines(&mut text, "may not set", &file.left_out);
    }
    let is_named = options.config.is_some() || env::var_os(VARIABLE).is_some();
    match (&*defaults.files, own()) {
        ([], _) if options.no_config || is_named => text.push_str("# No file is used.\n"),
        ([], Some(own)) => {
            let own = printable(&own.display().to_string());
            text.push_str(&format!("# There is no {NAME} here, none above, and none of your own, which would be\n# {own}\n"));
        }
        ([], None) => {
            text.push_str(&format!("# There is no {NAME} here and none above, and no folder that {FOLDER}/{NAME} could be in.\n"))
        }
        _ => {}
    }
    text
}

fn settings(defaults: &Defaults) -> String {
    let folders: Vec<String> = defaults.knowledge.iter().map(|folder| quoted(&folder.display().to_string())).collect();
    let line = |key: &str, value: Option<&str>| match value {
        Some(value) => format!("{key} = {}\n", quoted(value)),
        None => format!("# {key} is not set\n"),
    };
    let Expected { tenant, client } = &defaults.expected;
    let redaction = &defaults.redaction;
    let mut limits = Limits::default();
    defaults.limits.iter().for_each(|change| limits.change(*change));
    let Limits { unpacked, layers, members, part, bodies } = limits;
    format!(
        "\nknowledge = [{}]\n\n[expect]\n{}{}\n[redact]\nstrict = {}\nhide-tenant = {}\nkeep-bodies = {}\n\n[limits]\n\
         unpacked = {unpacked}\nlayers = {layers}\nmembers = {members}\npart = {part}\nbodies = {bodies}\n",
        folders.join(", "),
        line("tenant", tenant.as_ref().map(|tenant| tenant.shown())),
        line("client", client.as_deref()),
        redaction.strict,
        redaction.hide_tenant,
        redaction.keep_bodies,
    )
}
