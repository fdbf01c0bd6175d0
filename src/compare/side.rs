//! One of the two captures, with all that is known of it.

use crate::analysis::{Analysis, analyze};
use crate::capture::Capture;
use crate::checks::Index;
use crate::diagnosis::Diagnosis;
use crate::entra::{Step, Traffic};
use crate::knowledge::Knowledge;
use crate::signin::SignIns;
use std::collections::HashMap;

/// One capture.
pub(super) struct Side<'c> {
    pub(super) traffic: Traffic<'c>,
    pub(super) sign_ins: SignIns,
    pub(super) index: Index,
    pub(super) analysis: Analysis,
    /// What each step asks for and what comes back, by entry.
    words: HashMap<usize, (String, String)>,
}

impl<'c> Side<'c> {
    pub(super) fn of(capture: &'c Capture, knowledge: &Knowledge) -> Self {
        let traffic = Traffic::read(capture);
        let sign_ins = SignIns::stitch(&traffic);
        let index = Index::of(&traffic, &sign_ins);
        let analysis = analyze(capture, knowledge);
        let words =
            analysis.steps.iter().map(|step| (step.entry, (step.what.clone(), answer(step.answer.status, &step.answer.what)))).collect();
        Self { traffic, sign_ins, index, analysis, words }
    }

    /// The step at a position.
    pub(super) fn step(&self, at: usize) -> Option<&Step<'c>> {
        self.traffic.steps.get(at)
    }

    /// What a step asks for, in the words of the protocol.
    pub(super) fn asked(&self, step: &Step<'_>) -> String {
        self.words.get(&step.entry).map_or_else(|| step.endpoint.name().to_owned(), |(asked, _)| asked.clone())
    }

    /// What came back, in the words of the protocol.
    pub(super) fn answered(&self, step: &Step<'_>) -> String {
        self.words.get(&step.entry).map_or_else(|| answer(step.status, ""), |(_, answered)| answered.clone())
    }

    /// The diagnosis of that id.
    pub(super) fn diagnosis(&self, id: usize) -> Option<&Diagnosis> {
        self.analysis.diagnoses.iter().find(|diagnosis| diagnosis.id == id)
    }
}

fn answer(status: Option<u16>, what: &str) -> String {
    match (status, what) {
        (Some(status), "") => format!("status {status}"),
        (None, "") => "no answer".to_owned(),
        (_, what) => what.to_owned(),
    }
}
