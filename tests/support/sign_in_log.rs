//! A sign-in log that fits a capture: a row of its last failure, as Microsoft Graph would return it.

use entrace::capture::Capture;
use entrace::diagnosis::Diagnosis;
use entrace::sign_in_log::SignInLogs;
use entrace::{Knowledge, analyze};
use serde_json::{Value, json};
use std::sync::OnceLock;

/// A log with one row of the failure, or several.
#[derive(Clone)]
pub(crate) struct Log {
    /// What is written into the row, over what it has by itself.
    rows: Vec<Value>,
    by_id: bool,
}

/// A log with a row of the failure.
pub(crate) fn log(fields: Value) -> Log {
    Log { rows: vec![fields], by_id: true }
}

/// A list of policies, each with its name, result and what it asks for.
pub(crate) fn policies<const N: usize>(policies: [(&str, &str, &str); N]) -> Value {
    let policy = |(name, result, control): (&str, &str, &str)| {
        let (grant, session): (Vec<&str>, Vec<&str>) =
            if control == "SignInFrequency" { (vec![], vec![control]) } else { (vec![control], vec![]) };
        json!({"id": "x", "displayName": name, "result": result, "enforcedGrantControls": grant, "enforcedSessionControls": session})
    };
    json!({"conditionalAccessStatus": "failure", "appliedConditionalAccessPolicies": policies.map(policy).to_vec()})
}

impl Log {
    /// Another row of the same failure.
    pub(crate) fn and(mut self, fields: Value) -> Self {
        self.rows.push(fields);
        self
    }

    /// An export without ids.
    pub(crate) fn without_ids(self) -> Self {
        Self { by_id: false, ..self }
    }

    /// The rows as a file.
    pub(crate) fn json(&self, capture: &[u8]) -> String {
        static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
        let capture = Capture::from_bytes(capture.to_vec()).unwrap();
        let analysis = analyze(&capture, KNOWLEDGE.get_or_init(Knowledge::builtin));
        let last = |diagnosis: &&Diagnosis| diagnosis.occurrences.iter().map(|occurrence| occurrence.entry).max();
        let failure = analysis.diagnoses.iter().max_by_key(last).unwrap();
        let occurrence = failure.occurrences.last().unwrap();
        let id = |id: &Option<entrace::entra::Guid>| id.as_ref().map(|id| id.as_str().to_owned()).filter(|_| self.by_id);
        let row = |fields: &Value| {
            let mut row = json!({
                "id": id(&occurrence.trace_id),
                "correlationId": id(&occurrence.correlation_id),
                "createdDateTime": occurrence.timestamp.unwrap().to_rfc3339(),
                "appId": failure.client_id, "resourceTenantId": failure.tenant,
                "userPrincipalName": "ada@contoso.example", "userDisplayName": "Ada", "ipAddress": "192.0.2.1",
                "status": {"errorCode": failure.code.map(|code| code.number), "failureReason": "Other."},
            });
            row.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            row
        };
        json!({"value": self.rows.iter().map(row).collect::<Vec<_>>()}).to_string()
    }

    /// The rows, read.
    pub(crate) fn logs(&self, capture: &[u8]) -> SignInLogs {
        let mut logs = SignInLogs::default();
        logs.add_bytes("sign-ins.json", self.json(capture).as_bytes()).unwrap();
        logs
    }
}
