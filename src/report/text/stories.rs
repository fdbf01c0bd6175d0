//! What many captures come to: those that tell the same story counted together.

use super::columns::Columns;
use super::page::{Page, Tone};
use crate::analysis::Analysis;
use crate::report::CaptureReport;
use crate::report::words::code;
use crate::report::words::verdict::{told, word};
use std::cmp::Reverse;
use std::collections::HashMap;

/// How many captures of a story are named.
const NAMED: usize = 3;

/// How far what belongs together stands in.
const INDENT: usize = 2;

/// A story, and the captures that tell it.
struct Story {
    told: String,
    captures: usize,
    /// The first of them.
    named: Vec<String>,
}

/// The captures so far by what they tell: diagnoses, application and tenant.
#[derive(Default)]
pub(super) struct Stories {
    captures: usize,
    /// In the order in which they came.
    stories: Vec<Story>,
    /// Where each is, by what is told.
    places: HashMap<String, usize>,
}

impl Stories {
    /// How many captures there are.
    pub(super) fn captures(&self) -> usize {
        self.captures
    }

    pub(super) fn add(&mut self, capture: &CaptureReport<'_>) {
        let told = capture.outcome.as_ref().map_or_else(|_| "not read".to_owned(), |analysis| tell(analysis));
        let place = *self.places.entry(told.clone()).or_insert(self.stories.len());
        if place == self.stories.len() {
            self.stories.push(Story { told, captures: 0, named: Vec::new() });
        }
        if let Some(story) = self.stories.get_mut(place) {
            story.captures += 1;
            if story.named.len() < NAMED {
                story.named.push(capture.path.to_owned());
            }
        }
        self.captures += 1;
    }

    /// Writes the stories, the most frequent first, and of each the first captures.
    pub(super) fn write(mut self, page: &mut Page) {
        let count = match self.stories.len() {
            1 => "all with the same outcome".to_owned(),
            several => format!("{several} different outcomes"),
        };
        page.line(0, &[(Tone::Heading, &format!("{} captures, {count}", self.captures))]);
        // Ties stay in the order in which they came.
        self.stories.sort_by_key(|story| Reverse(story.captures));
        let row = |story: &Story| [[story.captures.to_string(), story.told.clone()]];
        let rows: Vec<[[String; 2]; 1]> = self.stories.iter().map(row).collect();
        let columns = Columns::fit(rows.iter().flatten(), page.room(INDENT));
        let names = INDENT + columns.start(1) + INDENT;
        for (story, row) in self.stories.into_iter().zip(&rows) {
            page.rows(INDENT, &columns, row);
            // A path that is broken into lines is no path any more: nobody can copy it.
            story.named.iter().for_each(|name| page.line(names, &[(Tone::Plain, name)]));
            let more = story.captures - story.named.len();
            if more > 0 {
                page.line(names, &[(Tone::Plain, &format!("and {more} more"))]);
            }
        }
    }
}

/// One capture in a line: its verdict, and each failure with its cause, application and tenant.
fn tell(analysis: &Analysis) -> String {
    let failures: Vec<String> = told(analysis)
        .into_iter()
        .map(|diagnosis| {
            let cause = diagnosis.causes.first().map(|cause| format!(" {}", cause.id)).unwrap_or_default();
            let application = diagnosis.client.as_ref().or(diagnosis.client_id.as_ref()).map(|id| format!(", application {id}"));
            let tenant = diagnosis.tenant.as_ref().map(|tenant| format!(", tenant {tenant}"));
            format!("{}{cause}{}{}", code(diagnosis), application.unwrap_or_default(), tenant.unwrap_or_default())
        })
        .collect();
    let mut distinct: Vec<String> = Vec::new();
    for failure in failures {
        if !distinct.contains(&failure) {
            distinct.push(failure);
        }
    }
    match distinct.is_empty() {
        true => word(analysis.verdict).to_owned(),
        false => format!("{}: {}", word(analysis.verdict), distinct.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Options, render};
    use super::*;
    use crate::{Capture, Knowledge, analyze};

    fn failing(application: &str) -> Analysis {
        let har = format!(
            r#"{{"log":{{"entries":[{{"startedDateTime":"2026-11-20T10:00:00Z","request":{{"method":"GET","headers":[],
                "url":"https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id={application}&prompt=none"}},
                "response":{{"status":302,"headers":[{{"name":"Location","value":"https://app.example/#error=login_required&error_description=AADSTS50058"}}]}}}}]}}}}"#
        );
        analyze(&Capture::from_bytes(har.into_bytes()).ok().unwrap(), &Knowledge::builtin())
    }

    #[test]
    fn captures_of_one_story_are_counted_together() {
        let (one, other) = (failing("11111111-1111-1111-1111-111111111111"), failing("22222222-2222-2222-2222-222222222222"));
        let report = CaptureReport::new;
        let mut captures = vec![report("other.har", Ok(&other))];
        let paths = ["a.har", "b.har", "c.har", "d.har", "e.har"];
        captures.extend(paths.map(|path| report(path, Ok(&one))));
        captures.push(report("broken.har", Err(&std::fmt::Error)));
        let text = render(&captures, &Options { width: 100, color: false, links: false });
        let summary = text.split("7 captures, 3 different outcomes\n").nth(1).unwrap();
        assert!(summary.trim_start().starts_with("5  failing: AADSTS50058"), "{summary}");
        assert!(summary.contains("c.har") && !summary.contains("d.har") && summary.contains("and 2 more"), "{summary}");
        assert!(summary.contains("1  not read") && summary.contains("broken.har"), "{summary}");
    }
}
