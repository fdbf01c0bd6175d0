//! What many captures come to: those that tell the same story counted together.

use super::columns::Columns;
use super::page::{Page, Tone};
use crate::analysis::Analysis;
use crate::report::CaptureReport;
use crate::report::words::code;
use crate::report::words::verdict::{told, word};
use std::collections::HashMap;

/// How many captures of a story are named.
const NAMED: usize = 3;

/// A story, and the captures that tell it.
struct Story<'a> {
    told: String,
    captures: Vec<&'a str>,
}

/// Writes the stories, the most frequent first, and of each the first captures.
pub(super) fn write(page: &mut Page, captures: &[CaptureReport<'_>]) {
    let stories = stories(captures);
    let count = match stories.len() {
        1 => "1 story".to_owned(),
        several => format!("{several} stories"),
    };
    page.line(0, &[(Tone::Heading, &format!("{} captures, {count}", captures.len()))]);
    let rows: Vec<[String; 2]> = stories
        .iter()
        .flat_map(|story| {
            let row = |number: String, text: String| [number, text];
            let mut named: Vec<String> = story.captures.iter().take(NAMED).map(|path| (*path).to_owned()).collect();
            if story.captures.len() > NAMED {
                named.push(format!("and {} more", story.captures.len() - NAMED));
            }
            let head = row(story.captures.len().to_string(), story.told.clone());
            std::iter::once(head).chain(named.into_iter().map(move |name| row(String::new(), format!("  {name}"))))
        })
        .collect();
    let columns = Columns::fit(&rows, page.room(2));
    page.rows(2, &columns, &rows);
}

/// Captures by what they tell: diagnoses, application and tenant. Ties stay in the order in which they came.
fn stories<'a>(captures: &'a [CaptureReport<'_>]) -> Vec<Story<'a>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut stories: Vec<Story<'a>> = Vec::new();
    for capture in captures {
        let told = capture.outcome.as_ref().map_or_else(|_| "not read".to_owned(), |analysis| tell(analysis));
        let place = *places.entry(told.clone()).or_insert(stories.len());
        if place == stories.len() {
            stories.push(Story { told, captures: Vec::new() });
        }
        if let Some(story) = stories.get_mut(place) {
            story.captures.push(capture.path);
        }
    }
    stories.sort_by_key(|story| std::cmp::Reverse(story.captures.len()));
    stories
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
        let report = |path, outcome| CaptureReport { path, outcome };
        let mut captures = vec![report("other.har", Ok(&other))];
        let paths = ["a.har", "b.har", "c.har", "d.har", "e.har"];
        captures.extend(paths.map(|path| report(path, Ok(&one))));
        captures.push(report("broken.har", Err("x".to_owned())));
        let text = render(&captures, &Options { width: 100, color: false });
        let summary = text.split("7 captures, 3 stories\n").nth(1).unwrap();
        assert!(summary.trim_start().starts_with("5  failing: AADSTS50058"), "{summary}");
        assert!(summary.contains("c.har") && !summary.contains("d.har") && summary.contains("and 2 more"), "{summary}");
        assert!(summary.contains("1  not read") && summary.contains("broken.har"), "{summary}");
    }
}
