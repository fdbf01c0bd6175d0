//! The arguments.

use super::password;
use crate::capture::{self, LimitError, Limits};
use crate::entra::Tenant;
use crate::knowledge::{Knowledge, Mistake};
use crate::redact;
use crate::report::printable;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

/// Reads a recorded network trace and says why a Microsoft Entra ID sign-in failed.
#[derive(Parser)]
#[command(name = "entrace", version, long_version = LONG_VERSION, about, override_usage = USAGE, after_help = AFTER, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Subcommand)]
enum Subcommands {
    /// Say why the sign-ins in these captures failed (the default)
    Diagnose(Box<DiagnoseArgs>),
    /// Tell the sign-in traffic of a capture step by step
    Timeline(Box<TimelineArgs>),
    /// Make a capture that is safe to attach to a ticket
    Redact(Box<RedactArgs>),
    /// Put what a ticket needs into one folder or zip: the reports and the redacted capture
    Bundle(Box<BundleArgs>),
    /// Say where a sign-in that works and one that fails part, and which difference explains the failure
    Compare(Box<CompareArgs>),
    /// Say what an error code, a cause, a check or a pasted error message means
    Explain(Box<ExplainArgs>),
    /// Do the same in a page of this computer's browser: drop captures, read reports, save what may leave
    Serve(Box<ServeArgs>),
    /// List the kinds of file that are read, and what to do with others
    Formats,
    /// Write the script that lets a shell complete what is typed after entrace
    Completions(CompletionsArgs),
    /// Write the manual pages
    Man(ManArgs),
}

/// What `completions` is asked to do.
#[derive(Args)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(super) struct CompletionsArgs {
    /// The shell that is to read the script
    #[arg(value_enum, value_name = "SHELL")]
    pub(super) shell: Shell,
}

/// What `man` is asked to do.
#[derive(Args)]
#[command(after_help = MAN_EXAMPLES)]
pub(super) struct ManArgs {
    /// Write the pages of entrace and of every subcommand into this folder, instead of the first one to standard output
    #[arg(long, short, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
}

/// What is known of codes and causes.
#[derive(Args)]
pub(super) struct KnowledgeArgs {
    /// Folder of files that add codes, causes and application names or replace them; docs/knowledge.md has the form
    #[arg(long = "knowledge", value_name = "DIR")]
    folders: Vec<PathBuf>,
}

/// What `explain` is asked to do.
#[derive(Args)]
#[command(after_help = EXPLAIN_EXIT_STATUS)]
pub(super) struct ExplainArgs {
    /// A code with or without its prefix, the id of a cause or check, an error message or address that names codes; or
    /// - for standard input
    #[arg(required = true, value_name = "WHAT")]
    pub(super) what: Vec<OsString>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub(super) format: ExplainFormat,
    #[command(flatten)]
    pub(super) knowledge: KnowledgeArgs,
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
    /// Write the report to a file instead of standard output
    #[arg(long = "output", short, value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// Width of text in columns, where the output is no terminal
    #[arg(long, value_name = "COLUMNS")]
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
    /// Change how much is read, for example unpacked=8GiB; docs/limits.md has the names
    #[arg(long, value_name = "NAME=VALUE", value_parser = limit)]
    limit: Vec<String>,
}

/// How captures are redacted.
#[derive(Args)]
pub(super) struct RedactionArgs {
    /// Also replace the domains of e-mail addresses
    #[arg(long)]
    strict: bool,
    /// Also replace ids and domains of tenants, and ids of applications
    #[arg(long)]
    hide_tenant: bool,
    /// Keep bodies that hold neither sign-in traffic nor evidence, and look through them
    #[arg(long)]
    keep_bodies: bool,
}

/// One capture that is to be redacted, and how.
#[derive(Args)]
pub(super) struct SourceArgs {
    /// The capture: any kind that is read (see entrace formats), or - for standard input
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    #[command(flatten)]
    pub(super) redaction: RedactionArgs,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    #[command(flatten)]
    pub(super) knowledge: KnowledgeArgs,
}

/// What `redact` is asked to do.
#[derive(Args)]
#[command(after_help = REDACT_EXIT_STATUS)]
pub(super) struct RedactArgs {
    /// The HAR to write
    #[arg(long, short, value_name = "FILE", required_unless_present = "dry_run")]
    pub(super) output: Option<PathBuf>,
    /// Also write what was done as JSON
    #[arg(long, value_name = "FILE")]
    pub(super) receipt: Option<PathBuf>,
    /// Only say what would be replaced
    #[arg(long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) source: SourceArgs,
}

/// What `bundle` is asked to do.
#[derive(Args)]
#[command(after_help = BUNDLE_EXIT_STATUS)]
pub(super) struct BundleArgs {
    /// Where to put it: a zip that does not exist yet if the name ends in .zip, else a folder, new or empty
    #[arg(long, short, value_name = "DIR_OR_ZIP")]
    pub(super) output: PathBuf,
    #[command(flatten)]
    pub(super) source: SourceArgs,
}

/// What `compare` is asked to do.
#[derive(Args)]
#[command(after_help = COMPARE_EXIT_STATUS)]
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
#[command(after_help = EXIT_STATUS)]
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
    /// The tenant that should be asked: an id, a domain, or an alias such as common
    #[arg(long, value_name = "TENANT", value_parser = tenant)]
    pub(super) expect_tenant: Option<Tenant>,
    /// The application (client) id that should ask
    #[arg(long, value_name = "ID")]
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
}

/// What `timeline` is asked to do.
#[derive(Args)]
#[command(after_help = EXIT_STATUS)]
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
#[command(after_help = SERVE_EXIT_STATUS)]
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
}

impl KnowledgeArgs {
    /// What the program knows, with what the folders add or replace; of several the last one counts.
    ///
    /// # Errors
    /// When something is wrong in a folder: it says what, in which file and line.
    pub(super) fn load(&self) -> io::Result<Knowledge> {
        let mut knowledge = Knowledge::builtin();
        for folder in &self.folders {
            let told = |mistake: Mistake| io::Error::new(io::ErrorKind::InvalidData, printable(&mistake.to_string()));
            knowledge.add_folder(folder).map_err(told)?;
        }
        Ok(knowledge)
    }
}

impl ReadingArgs {
    /// How files are read.
    ///
    /// # Errors
    /// When the file with the password cannot be read.
    pub(super) fn options(&self) -> io::Result<capture::Options> {
        Ok(capture::Options { password: password::given(self)?, limits: self.limits.limits(), only_traffic: false })
    }
}

impl LimitArgs {
    /// How much is read.
    pub(super) fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        for change in &self.limit {
            // Those that change nothing were refused when the arguments were parsed.
            let _ = limits.change(change);
        }
        limits
    }
}

impl RedactionArgs {
    /// How a capture is redacted.
    pub(super) fn options(&self) -> redact::Options {
        redact::Options { strict: self.strict, hide_tenant: self.hide_tenant, keep_bodies: self.keep_bodies }
    }
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

/// What the user asked for.
pub(super) enum Command {
    /// Say why sign-ins failed.
    Diagnose(Box<DiagnoseArgs>),
    /// Tell the sign-in traffic step by step.
    Timeline(Box<TimelineArgs>),
    /// Make a capture that is safe to attach.
    Redact(Box<RedactArgs>),
    /// Put together what a ticket needs.
    Bundle(Box<BundleArgs>),
    /// Say where two sign-ins part.
    Compare(Box<CompareArgs>),
    /// Say what something means.
    Explain(Box<ExplainArgs>),
    /// Show a page in the browser.
    Serve(Box<ServeArgs>),
    /// List the kinds of file.
    Formats,
    /// Write a shell's script.
    Completions(CompletionsArgs),
    /// Write the manual pages.
    Man(ManArgs),
}

/// What `--version` says: what somebody who looks into a report of a bug has to know, and nothing of the machine or the
/// time, so that the same sources give the same program.
const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\ntarget:   ",
    env!("ENTRACE_TARGET"),
    "\nprofile:  ",
    env!("ENTRACE_PROFILE"),
    "\ncompiler: ",
    env!("ENTRACE_COMPILER"),
    "\nlicence:  ",
    env!("CARGO_PKG_LICENSE"),
);

const USAGE: &str = "entrace CAPTURE...\n       entrace <COMMAND> [OPTIONS] ...";

const AFTER: &str = "Examples:
  entrace login.har                        why did the sign-in fail?
  entrace --format json captures/ > r.json every capture of a folder, for a program
  entrace diagnose --help                  all options
  entrace timeline login.har               who asked whom for what, step by step
  entrace redact login.har -o safe.har     a copy that is safe to attach to a ticket
  entrace bundle login.har -o ticket.zip   that copy and the reports in one zip
  entrace compare chrome.har safari.har    where a sign-in that works and one that fails part
  entrace explain AADSTS50058              what a code, a cause or a pasted error message means
  entrace serve                            the same in a page of your browser; nothing leaves this computer
  entrace formats                          which files are read

Exit status: 0 nothing failed, 1 at least one sign-in failed and nothing handled it, 2 wrong usage or a capture that cannot be read.";

const EXIT_STATUS: &str = "Exit status: 0 nothing failed, 1 at least one sign-in failed and nothing handled it, 2 wrong usage or a \
                           capture that cannot be read.";

const REDACT_EXIT_STATUS: &str = "Exit status: 0 written, 2 not written: the capture cannot be read, or a value would have been left, or the diagnosis would have changed.";

const BUNDLE_EXIT_STATUS: &str = "Exit status: 0 written, 2 nothing written: the capture cannot be read or safely redacted, or there is something at the output already.";

const COMPARE_EXIT_STATUS: &str =
    "Exit status: 0 nothing fails in the failing capture, 1 something does, 2 wrong usage or a capture that cannot be read.";

const SERVE_EXIT_STATUS: &str =
    "Ctrl-C, or the button on the page, ends it and removes what was dropped. docs/serve.md says how it is protected.

Exit status: 0 ended, 2 wrong usage, or it cannot be served.";

const EXPLAIN_EXIT_STATUS: &str = "Examples:
  entrace explain 50058
  entrace explain third-party-cookies-blocked
  entrace explain 'https://app.example/#error=login_required&error_description=AADSTS50058…'
  pbpaste | entrace explain -

Exit status: 0 explained, 1 nothing is known of it, 2 wrong usage or input that cannot be read.";

const COMPLETIONS_EXAMPLES: &str = "Examples:
  entrace completions bash > ~/.local/share/bash-completion/completions/entrace
  entrace completions zsh > _entrace          in a folder of $fpath
  entrace completions fish > ~/.config/fish/completions/entrace.fish
  entrace completions powershell >> $PROFILE";

const MAN_EXAMPLES: &str = "Examples:
  entrace man | man -l -
  entrace man --output ~/.local/share/man/man1

Exit status: 0 written, 2 not.";

fn tenant(text: &str) -> Result<Tenant, String> {
    let tenant = Tenant::parse(text);
    match tenant.name() {
        crate::entra::TenantName::Unusable => Err("no tenant id, domain or alias".to_owned()),
        _ => Ok(tenant),
    }
}

fn limit(text: &str) -> Result<String, LimitError> {
    Limits::default().change(text).map(|()| text.to_owned())
}

/// Names that are subcommands, now or later; a file of such a name is given as `./name`.
const SUBCOMMANDS: &[&str] = &[
    "diagnose",
    "timeline",
    "redact",
    "bundle",
    "compare",
    "explain",
    "serve",
    "formats",
    "completions",
    "man",
    "help",
    "-h",
    "--help",
    "-V",
    "--version",
];

/// Parses the arguments; `entrace CAPTURE…` is `entrace diagnose CAPTURE…`.
pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, clap::Error> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let first = arguments.get(1).and_then(|argument| argument.to_str());
    let names_subcommand = first.is_some_and(|first| SUBCOMMANDS.contains(&first));
    if arguments.len() > 1 && !names_subcommand {
        arguments.insert(1, OsString::from("diagnose"));
    }
    match Cli::try_parse_from(arguments)?.command {
        Subcommands::Diagnose(options) => Ok(Command::Diagnose(options)),
        Subcommands::Timeline(options) => Ok(Command::Timeline(options)),
        Subcommands::Redact(options) => Ok(Command::Redact(options)),
        Subcommands::Bundle(options) => Ok(Command::Bundle(options)),
        Subcommands::Compare(options) => Ok(Command::Compare(options)),
        Subcommands::Explain(options) => Ok(Command::Explain(options)),
        Subcommands::Serve(options) => Ok(Command::Serve(options)),
        Subcommands::Formats => Ok(Command::Formats),
        Subcommands::Completions(options) => Ok(Command::Completions(options)),
        Subcommands::Man(options) => Ok(Command::Man(options)),
    }
}

/// All of the command line, as the manual describes it.
pub(super) fn described() -> clap::Command {
    Cli::command()
}

/// All of the command line, as it is typed: behind `entrace` alone, the options of `diagnose` may stand.
pub(super) fn typed() -> clap::Command {
    let command = Cli::command();
    let diagnose = command.find_subcommand("diagnose").map(clap::Command::get_arguments);
    let options: Vec<clap::Arg> = diagnose.into_iter().flatten().filter(|argument| !argument.is_positional()).cloned().collect();
    command.args(options)
}
