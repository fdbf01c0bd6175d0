//! The arguments.

use super::config::{ConfigArgs, Defaults};
use super::deferred::Deferred;
use super::error::CliError;
use super::{expected, help, password};
use crate::capture::{self, LimitChange, Limits};
use crate::entra::{ErrorCode, Tenant};
use crate::explain::explain;
use crate::knowledge::{Knowledge, nearest};
use crate::redact;
use crate::report::printable;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// Reads a recorded network trace and says why a Microsoft Entra ID sign-in failed.
#[derive(Parser)]
#[command(name = "entrace", version, long_version = help::LONG_VERSION, about, override_usage = help::USAGE, after_help = help::PROGRAM, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// When text is coloured
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    color: Color,
}

/// When text is coloured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// In a terminal, unless NO_COLOR is set
    Auto,
    /// Also in files and pipes
    Always,
    /// Nowhere
    Never,
}

/// What the user asks for.
#[derive(Subcommand)]
pub(super) enum Command {
    /// Say why the sign-ins in these captures failed (the default)
    Diagnose(Deferred<DiagnoseArgs>),
    /// Tell the sign-in traffic of a capture step by step
    Timeline(Deferred<TimelineArgs>),
    /// Make a capture that is safe to attach to a ticket
    Redact(Deferred<RedactArgs>),
    /// Put what a ticket needs into one folder or zip: the reports and the redacted capture
    Bundle(Deferred<BundleArgs>),
    /// Say where a sign-in that works and one that fails part, and which difference explains the failure
    Compare(Deferred<CompareArgs>),
    /// Say what an error code, a cause, a check or a pasted error message means
    Explain(Deferred<ExplainArgs>),
    /// Do the same in a page of this computer's browser: drop captures, read reports, save what may leave
    Serve(Deferred<ServeArgs>),
    /// List the kinds of file that are read, and what to do with others
    #[command(after_help = help::FORMATS)]
    Formats,
    /// Show which files the defaults come from, and the values in force
    #[command(after_help = help::CONFIG)]
    Config(Deferred<ConfigArgs>),
    /// Write the script that lets a shell complete what is typed after entrace
    Completions(Deferred<CompletionsArgs>),
    /// Write the manual pages
    Man(Deferred<ManArgs>),
}

/// What `completions` is asked to do.
#[derive(Args)]
#[command(after_help = help::COMPLETIONS)]
pub(super) struct CompletionsArgs {
    /// The shell that is to read the script
    #[arg(value_enum, value_name = "SHELL")]
    pub(super) shell: Shell,
}

/// What `man` is asked to do.
#[derive(Args)]
#[command(after_help = help::MAN)]
pub(super) struct ManArgs {
    /// Write the pages of entrace and of every subcommand into this folder, instead of the first one to standard output
    #[arg(long, short, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
}

/// What is known of codes and causes.
#[derive(Args)]
pub(super) struct KnowledgeArgs {
    /// Folder of files that add codes, causes and application names or replace them; may be given several times, see
    /// docs/knowledge.md
    #[arg(long = "knowledge", value_name = "DIR")]
    folders: Vec<PathBuf>,
}

/// What `explain` is asked to do.
#[derive(Args)]
#[command(after_help = help::EXPLAIN)]
pub(super) struct ExplainArgs {
    /// A code with or without its prefix, the id of a cause or check, an error message or address that names codes; or
    /// - for standard input
    #[arg(required = true, value_name = "WHAT")]
    pub(super) what: Vec<OsString>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub(super) format: ExplainFormat,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) knowledge: KnowledgeArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

/// How an explanation is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ExplainFormat {
    /// For people
    Text,
    /// For programs: version 1 of the JSON explanation
    Json,
    /// For tickets and wikis
    Markdown,
}

/// Where a report goes, and how wide its text is.
#[derive(Args)]
pub(super) struct OutputArgs {
    /// Write it to a file instead of standard output
    #[arg(long = "output", short = 'o', value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// Width of text in columns, instead of the terminal's; lines are 60 to 120 columns wide, in timelines up to 200, whatever is asked for
    #[arg(long, value_name = "COLUMNS", value_parser = width)]
    pub(super) width: Option<usize>,
}

/// How captures are read.
#[derive(Args)]
pub(super) struct ReadingArgs {
    /// File with the password of an encrypted archive, in its first line
    #[arg(long, value_name = "FILE")]
    pub(super) password_file: Option<PathBuf>,
    /// Password of an encrypted archive; other users can read it in the list of processes, so rather use
    /// --password-file, the variable ENTRACE_PASSWORD or the prompt
    #[arg(long, value_name = "PASSWORD", conflicts_with = "password_file")]
    pub(super) password: Option<String>,
    #[command(flatten)]
    limits: LimitArgs,
}

/// How much of captures is read.
#[derive(Args)]
pub(super) struct LimitArgs {
    /// Change how much is read: unpacked, layers, members, part or bodies, for example unpacked=8GiB; may be given several
    /// times, see docs/limits.md
    #[arg(long, value_name = "NAME=VALUE", value_parser = str::parse::<LimitChange>)]
    limit: Vec<LimitChange>,
}

/// How captures are redacted.
#[derive(Args)]
pub(super) struct RedactionArgs {
    /// Also replace the domains of e-mail addresses
    #[arg(long, overrides_with = "no_strict")]
    strict: bool,
    /// Take back what a file of defaults says
    #[arg(long, hide = true, overrides_with = "strict")]
    no_strict: bool,
    /// Also replace ids, domains and names of tenants, ids of applications, and the domains of e-mail addresses; the hosts of applications stay, and may name the tenant
    #[arg(long, overrides_with = "no_hide_tenant")]
    hide_tenant: bool,
    /// Take back what a file of defaults says
    #[arg(long, hide = true, overrides_with = "hide_tenant")]
    no_hide_tenant: bool,
    /// Keep bodies that hold neither sign-in traffic nor evidence, and look through them
    #[arg(long, overrides_with = "no_keep_bodies")]
    keep_bodies: bool,
    /// Take back what a file of defaults says
    #[arg(long, hide = true, overrides_with = "keep_bodies")]
    no_keep_bodies: bool,
}

/// One capture that is to be redacted, and how.
#[derive(Args)]
pub(super) struct SourceArgs {
    /// The capture: any kind that is read (see entrace formats), also in a zip or compressed; or - for standard input
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    #[command(flatten)]
    pub(super) redaction: RedactionArgs,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    #[command(flatten)]
    pub(super) knowledge: KnowledgeArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

/// What `redact` is asked to do.
#[derive(Args)]
#[command(after_help = help::REDACT, override_usage = help::REDACT_USAGE)]
pub(super) struct RedactArgs {
    /// Write the redacted copy to this file, as a HAR
    #[arg(long, short, value_name = "FILE", required_unless_present = "dry_run")]
    pub(super) output: Option<PathBuf>,
    /// Also write what was replaced, and what was kept and why, to this file as JSON
    #[arg(long, value_name = "FILE")]
    pub(super) receipt: Option<PathBuf>,
    /// Write no HAR; only say what would be replaced
    #[arg(long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) source: SourceArgs,
}

/// What `bundle` is asked to do.
#[derive(Args)]
#[command(after_help = help::BUNDLE)]
pub(super) struct BundleArgs {
    /// Put it there: into a zip that does not exist yet if the name ends in .zip, else into a folder, new or empty
    #[arg(long, short, value_name = "DIR_OR_ZIP")]
    pub(super) output: PathBuf,
    #[command(flatten)]
    pub(super) source: SourceArgs,
}

/// What `compare` is asked to do.
#[derive(Args)]
#[command(after_help = help::COMPARE)]
pub(super) struct CompareArgs {
    /// The capture in which the sign-in works: any kind that is read (see entrace formats)
    #[arg(value_name = "WORKING")]
    pub(super) working: PathBuf,
    /// The capture in which it fails; one of the two may be - for standard input
    #[arg(value_name = "FAILING")]
    pub(super) failing: PathBuf,
    /// How to write it
    #[arg(long, value_enum, default_value_t = CompareFormat::Text)]
    pub(super) format: CompareFormat,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    #[command(flatten)]
    pub(super) knowledge: KnowledgeArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

/// How a comparison is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CompareFormat {
    /// For people
    Text,
    /// For programs: version 1 of the JSON comparison
    Json,
    /// For tickets and wikis
    Markdown,
    /// A page that shows the two side by side
    Html,
}

/// What `diagnose` is asked to do.
#[derive(Args)]
#[command(after_help = help::DIAGNOSE)]
pub(super) struct DiagnoseArgs {
    /// Captures to read: HAR, SAZ, NetLog and others (see entrace formats), also in a zip or compressed; folders of
    /// them; patterns such as 'captures/**/*.har', also where no shell reads them; or - for standard input
    #[arg(required = true, value_name = "CAPTURE")]
    pub(super) captures: Vec<PathBuf>,
    /// How to write the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    /// The tenant that you expect to be asked: an id, a domain, or an alias such as common; whether it is another one is
    /// then weighed
    #[arg(long, value_name = "TENANT", value_parser = tenant)]
    pub(super) expect_tenant: Option<Tenant>,
    /// The id of the application (client) that you expect to ask; whether it is another one is then weighed
    #[arg(long, value_name = "ID", value_parser = client)]
    pub(super) expect_client: Option<String>,
    /// Export of Entra's sign-in logs (JSON, or CSV from the portal) that tells what the captures cannot: policies,
    /// device, second factor; may be given several times, see docs/sign-in-logs.md
    #[arg(long, value_name = "FILE")]
    pub(super) sign_in_logs: Vec<PathBuf>,
    /// Log of MSAL (a saved browser console, an application's log, errors as JSON) of the same sign-ins; may be given
    /// several times, see docs/capturing.md
    #[arg(long = "msal-log", value_name = "FILE")]
    pub(super) msal_logs: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    #[command(flatten)]
    pub(super) knowledge: KnowledgeArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

/// How a report is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs: version 1 of the JSON report
    Json,
    /// For programs that read as they go: one capture a line
    Ndjson,
    /// For tickets and pull requests
    Markdown,
    /// For a browser: one file that can be attached to a ticket
    Html,
    /// For dashboards of findings: SARIF 2.1.0
    Sarif,
}

/// What `timeline` is asked to do.
#[derive(Args)]
#[command(after_help = help::TIMELINE)]
pub(super) struct TimelineArgs {
    /// The capture: any kind that is read (see entrace formats), also in a zip or compressed; or - for standard input
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    /// How to write it
    #[arg(long, value_enum, default_value_t = TimelineFormat::Text)]
    pub(super) format: TimelineFormat,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    #[command(flatten)]
    pub(super) knowledge: KnowledgeArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

/// How a timeline is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TimelineFormat {
    /// For people
    Text,
    /// For programs: version 1 of the JSON timeline
    Json,
    /// For tickets and wikis
    Markdown,
}

/// How the page is served.
#[derive(Args)]
#[command(after_help = help::SERVE)]
pub(super) struct ServeArgs {
    /// Do not open a browser; the address stands on standard output
    #[arg(long)]
    pub(super) no_open: bool,
    /// The port on 127.0.0.1; 0 is one that is free
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub(super) port: u16,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) knowledge: KnowledgeArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

impl KnowledgeArgs {
    /// What the program knows, with what the folders add or replace: first those of the defaults, then those of the
    /// arguments. Of several the last one counts.
    ///
    /// # Errors
    /// When something is wrong in a folder: it says what, in which file and line.
    pub(super) fn load(&self, defaults: &Defaults) -> Result<Knowledge, CliError> {
        let mut knowledge = Knowledge::builtin();
        for folder in defaults.knowledge.iter().chain(&self.folders) {
            knowledge.add_folder(folder)?;
        }
        Ok(knowledge)
    }
}

impl ReadingArgs {
    /// How files are read.
    ///
    /// # Errors
    /// When the file with the password cannot be read.
    pub(super) fn options(&self, defaults: &Defaults) -> Result<capture::Options, CliError> {
        let password = password::given(self.password.as_deref(), self.password_file.as_deref())?;
        Ok(capture::Options { password, limits: self.limits.limits(defaults), only_traffic: false })
    }
}

impl LimitArgs {
    /// How much is read.
    pub(super) fn limits(&self, defaults: &Defaults) -> Limits {
        let mut limits = Limits::default();
        defaults.limits.iter().chain(&self.limit).for_each(|change| limits.change(*change));
        limits
    }
}

impl RedactionArgs {
    /// How a capture is redacted.
    pub(super) fn options(&self, defaults: &Defaults) -> redact::Options {
        let chosen = |yes: bool, no: bool, default: bool| yes || (default && !no);
        let redact::Options { strict, hide_tenant, keep_bodies } = defaults.redaction;
        redact::Options {
            strict: chosen(self.strict, self.no_strict, strict),
            hide_tenant: chosen(self.hide_tenant, self.no_hide_tenant, hide_tenant),
            keep_bodies: chosen(self.keep_bodies, self.no_keep_bodies, keep_bodies),
        }
    }
}

fn tenant(text: &str) -> Result<Tenant, &'static str> {
    expected::tenant(text).ok_or("no tenant id, domain or alias")
}

fn client(text: &str) -> Result<String, &'static str> {
    expected::client(text).ok_or("no id of an application")
}

/// What somebody may mean by a width: no terminal is narrower or wider.
const WIDTHS: RangeInclusive<usize> = 20..=10_000;

fn width(text: &str) -> Result<usize, String> {
    let columns = text.parse().ok().filter(|columns| WIDTHS.contains(columns));
    columns.ok_or_else(|| format!("the width is a number of columns from {} to {}", WIDTHS.start(), WIDTHS.end()))
}

/// The subcommands; a file of such a name is given as `./name`.
const SUBCOMMANDS: &[&str] =
    &["diagnose", "timeline", "redact", "bundle", "compare", "explain", "serve", "formats", "config", "completions", "man", "help"];

/// What may stand in the place of a subcommand, besides captures and the options of `diagnose`.
const OPTIONS: &[&str] = &["-h", "--help", "-V", "--version"];

/// Parses the arguments; `entrace CAPTURE…` is `entrace diagnose CAPTURE…`.
pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<(Command, Color), clap::Error> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let place = behind_color(&arguments);
    let first = arguments.get(place).and_then(|argument| argument.to_str());
    let is_long = first.is_some_and(|first| SUBCOMMANDS.contains(&first) || OPTIONS.contains(&first));
    let is_short = arguments.len() > place && !is_long;
    if is_short {
        arguments.insert(place, OsString::from("diagnose"));
    }
    let Cli { command, color } = Cli::try_parse_from(arguments)?;
    if is_short
        && let Command::Diagnose(options) = &command
        && let Some(problem) = misplaced(&options.captures)
    {
        return Err(Cli::command().error(ErrorKind::InvalidSubcommand, problem));
    }
    Ok((command, color))
}

/// Where a subcommand stands: first, or behind the option that all of them have.
fn behind_color(arguments: &[OsString]) -> usize {
    let mut place = 1;
    loop {
        match arguments.get(place).and_then(|argument| argument.to_str()) {
            Some("--color") => place += 2,
            Some(argument) if argument.starts_with("--color=") => place += 1,
            _ => return place,
        }
    }
}

/// That a subcommand was meant where captures were read: one that stands behind options, or that is nearly written.
fn misplaced(captures: &[PathBuf]) -> Option<String> {
    let missing = |capture: &&PathBuf| !capture.exists();
    let names: Vec<&str> = captures.iter().filter(missing).filter_map(|capture| capture.to_str()).collect();
    if let Some(name) = names.iter().find(|name| SUBCOMMANDS.contains(name)) {
        return Some(format!("{name} is a subcommand, and stands first: entrace {name} ..."));
    }
    let first = captures.first().filter(missing)?.to_str()?;
    if is_explained(first) {
        return Some(format!("there is no file {first}; to have it explained: entrace explain {first}"));
    }
    let is_word = |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let first = Some(first).filter(is_word)?;
    let meant = nearest(first, SUBCOMMANDS.iter().copied(), 1).first().copied()?;
    Some(format!("there is no file {}; is the subcommand {meant} meant?", printable(first)))
}

/// Whether `explain` knows it as a code, with its prefix or without, or as a cause.
fn is_explained(name: &str) -> bool {
    let is_number = name.len() >= 4 && name.bytes().all(|byte| byte.is_ascii_digit());
    let knowledge = Knowledge::builtin();
    ErrorCode::parse(name).is_some() || knowledge.cause(name).is_some() || (is_number && explain(name, &knowledge).is_some())
}

/// All of the command line, as the manual describes it.
pub(super) fn described() -> clap::Command {
    Cli::command()
}

/// All of the command line, as it is typed: behind `entrace` alone, the options of `diagnose` may stand.
pub(super) fn typed() -> clap::Command {
    let diagnose = DiagnoseArgs::augment_args(clap::Command::new("diagnose"));
    let options: Vec<clap::Arg> = diagnose.get_arguments().filter(|argument| !argument.is_positional()).cloned().collect();
    Cli::command().args(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The arguments of a line of an example, without what the shell does with it and what is said about it.
    fn words(line: &str) -> Option<Vec<OsString>> {
        let (_, command) = line.split_once("entrace ").filter(|_| line.starts_with("  "))?;
        let command = command.split("  ").next()?.split(['>', '|']).next()?;
        Some(std::iter::once("entrace").chain(command.split_whitespace()).map(|word| word.trim_matches('\'').into()).collect())
    }

    #[test]
    fn every_help_has_examples_that_can_be_typed_and_says_the_exit_status() {
        let mut command = described();
        command.build();
        let of = |command: &clap::Command| command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let subcommands = command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help");
        for (name, help) in subcommands.map(|subcommand| (subcommand.get_name(), of(subcommand))).chain([("entrace", of(&command))]) {
            assert!(help.starts_with("Examples:\n") && help.contains("\n\nExit status: 0"), "{name}:\n{help}");
            let examples: Vec<Vec<OsString>> = help.lines().filter_map(words).collect();
            assert!(!examples.is_empty(), "{name}");
            for example in examples {
                match parse(example.clone()) {
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::DisplayHelp => {}
                    Err(error) => panic!("{example:?}: {error}"),
                }
            }
        }
    }

    #[test]
    fn every_subcommand_is_known_by_its_name() {
        let mut command = described();
        command.build();
        let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        assert_eq!(names, SUBCOMMANDS);
    }

    #[test]
    fn a_subcommand_in_the_wrong_place_is_told() {
        let told = |line: &str| parse(line.split(' ').map(OsString::from)).err().map(|error| error.to_string()).unwrap_or_default();
        let misplaced = told("entrace --no-config redact login.har -o safe.har");
        assert!(misplaced.contains("redact is a subcommand, and stands first: entrace redact ..."), "{misplaced}");
        assert!(told("entrace explian 50058").contains("is the subcommand explain meant?"));
        for id in ["AADSTS50058", "50058", "third-party-cookies-blocked"] {
            assert!(told(&format!("entrace {id}")).contains(&format!("to have it explained: entrace explain {id}")));
        }
        for captures in ["entrace login.har", "entrace src", "entrace diagnose redact", "entrace ./redact", "entrace nosuch.har"] {
            assert_eq!(told(captures), "", "{captures}");
        }
    }

    #[test]
    fn color_stands_before_or_behind_a_subcommand() {
        let parsed = |line: &str| {
            parse(line.split(' ').map(OsString::from)).map(|(command, color)| (matches!(command, Command::Diagnose(_)), color))
        };
        for line in ["entrace --color=never login.har", "entrace --color never diagnose login.har", "entrace login.har --color never"] {
            assert!(matches!(parsed(line), Ok((true, Color::Never))), "{line}");
        }
        for line in ["entrace --color always explain 50058", "entrace explain 50058 --color=always", "entrace --color=always formats"] {
            assert!(matches!(parsed(line), Ok((false, Color::Always))), "{line}");
        }
        assert!(matches!(parsed("entrace login.har"), Ok((true, Color::Auto))));
        for line in ["entrace --color", "entrace --color never", "entrace --color=red login.har"] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }
}
