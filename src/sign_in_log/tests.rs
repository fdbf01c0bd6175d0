//! Every form in which logs are exported, and files that are none.

use super::*;
use crate::capture::LARGEST_LOG;
use crate::entra::{Accounts, ClientId, ErrorCode, Family, Guid};
use std::fmt::Write;

const REQUEST: &str = "11110000-0000-4000-8000-000000000001";
const CORRELATION: &str = "22220000-0000-4000-8000-000000000001";
const CLIENT: &str = "a0a0a0a0-0000-4000-8000-000000000001";
const CODES: [ErrorCode; 1] = [ErrorCode::aadsts(53000)];
const TENANT: &str = "c0c0c0c0-0000-4000-8000-000000000001";

/// A row as Microsoft Graph has it, with a failed policy.
fn graph() -> String {
    format!(
        r#"{{"id":"{REQUEST}","correlationId":"{CORRELATION}","createdDateTime":"2026-11-20T14:00:05Z","appId":"{CLIENT}",
        "userPrincipalName":"ada@contoso.example","userId":"ada0ada0-0000-4000-8000-000000000001","resourceTenantId":"{TENANT}",
        "conditionalAccessStatus":"failure","status":{{"errorCode":53000,"failureReason":"x","additionalDetails":null}},
        "riskLevelDuringSignIn":"hidden",
        "deviceDetail":{{"deviceId":"","isCompliant":false,"isManaged":false,"trustType":null}},
        "appliedConditionalAccessPolicies":[
          {{"id":"p0","displayName":"Only reports","result":"reportOnlyFailure","enforcedGrantControls":["Block"]}},
          {{"id":"p1","displayName":"Managed devices","result":"failure","enforcedGrantControls":["RequireCompliantDevice"]}}]}}"#
    )
}

fn failed(number: u32) -> Ending {
    Ending::Failed(ErrorCode::aadsts(number))
}

fn logs(text: &str) -> SignInLogs {
    let mut logs = SignInLogs::default();
    logs.add_bytes("log", text.as_bytes()).unwrap();
    logs
}

fn refused(text: &str) -> String {
    SignInLogs::default().add_bytes("log", text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_log_has_an_end() {
    let bytes = vec![0; LARGEST_LOG as usize + 1];
    assert!(matches!(SignInLogs::default().add_bytes("log", &bytes), Err(SignInLogError::TooLarge)));
}

fn is_the_row(row: &Row) {
    assert_eq!(row.request_id.as_ref().map(Guid::as_str), Some(REQUEST));
    assert_eq!(row.correlation_id.as_ref().map(Guid::as_str), Some(CORRELATION));
    assert_eq!(row.client.as_ref().map(Guid::as_str), Some(CLIENT));
    assert_eq!(row.time.map(|time| time.to_rfc3339()).as_deref(), Some("2026-11-20T14:00:05+00:00"));
    assert_eq!((row.ending, row.conditional_access), (failed(53000), Some(Access::Failure)));
    assert_eq!(row.device.and_then(|device| device.known), Some(false));
    assert!(row.user.is_some());
}

#[test]
fn graph_and_portal_json_is_read() {
    for text in [format!(r#"{{"@odata.context":"x","value":[{}]}}"#, graph()), format!("[{}]", graph()), graph()] {
        let logs = logs(&text);
        let row = &logs.rows()[0];
        is_the_row(row);
        assert_eq!(row.tenant.as_ref().map(Guid::as_str), Some(TENANT));
        let policies = row.policies.as_ref().unwrap();
        assert_eq!(policies.iter().map(|policy| policy.failed).collect::<Vec<_>>(), [false, true]);
        assert_eq!(policies[1].controls, [Control::CompliantDevice]);
        assert_eq!((logs.files[0].format.name(), logs.files[0].rows, row.risk), ("json", 1, None));
    }
}

#[test]
fn lines_of_diagnostic_settings_are_read() {
    let line = format!(r#"{{"time":"2026-11-20T14:09:00Z","category":"SignInLogs","resultType":"53000","properties":{}}}"#, graph());
    let lines = format!("{}\n{}\n", line.replace('\n', " "), line.replace('\n', " "));
    let logs = logs(&lines);
    assert_eq!(logs.rows().iter().map(|row| row.number).collect::<Vec<_>>(), [0, 1]);
    is_the_row(&logs.rows()[1]);
}

#[test]
fn tables_of_log_analytics_are_read() {
    let row = format!(
        r#"[{{"TimeGenerated":"2026-11-20T14:00:05Z","Id":"{REQUEST}","CorrelationId":"{CORRELATION}","AppId":"{CLIENT}","ResultType":"53000",
        "UserPrincipalName":"ada@contoso.example","ConditionalAccessStatus":"failure","DeviceDetail":"{{\"deviceId\":\"\"}}",
        "ConditionalAccessPolicies":"[{{\"displayName\":\"P\",\"result\":\"failure\",\"enforcedGrantControls\":[\"Mfa\"]}}]"}}]"#
    );
    let logs = logs(&row);
    is_the_row(&logs.rows()[0]);
    assert_eq!(logs.rows()[0].policies.as_ref().unwrap()[0].controls, [Control::Mfa]);
}

#[test]
fn the_portals_csv_is_read() {
    let csv = format!(
        "\u{feff}\"Date (UTC)\",Request ID,Correlation ID,User ID,User,Username,Application,Application ID,Status,Sign-in error code,Failure reason,\
         Conditional Access,Device ID,Compliant,Managed,Join Type\r\n\
         2026-11-20T14:00:05Z,{REQUEST},{CORRELATION},ada0ada0-0000-4000-8000-000000000001,Ada,ada@contoso.example,\"An app, \"\"mine\"\"\",{CLIENT},Failure,53000,\"It is\nnot compliant.\",Failure,,false,false,\r\n\
         2026-11-20T14:00:09Z,33330000-0000-4000-8000-000000000001,{CORRELATION},,Ada,ada@contoso.example,App,{CLIENT},Success,,,Success,d0d0d0d0-0000-4000-8000-000000000001,Yes,true,Hybrid Azure AD joined\r\n\
         cut,short\r\n"
    );
    let logs = logs(&csv);
    is_the_row(&logs.rows()[0]);
    let device = logs.rows()[1].device.unwrap();
    assert_eq!((device.known, device.compliant, device.join), (Some(true), Some(true), Some(JoinType::Hybrid)));
    assert_eq!((logs.rows()[1].ending, logs.rows()[0].policies.is_none()), (Ending::Succeeded, true));
    assert_eq!(logs.files[0].warnings, ["1 row is no sign-in: ids, or the error code and the time, are missing"]);
}

#[test]
fn a_file_of_powershell_is_read() {
    let mut logs = SignInLogs::default();
    let utf16: Vec<u8> = format!("\u{feff}[{}]", graph()).encode_utf16().flat_map(u16::to_le_bytes).collect();
    logs.add_bytes("log", &utf16).unwrap();
    is_the_row(&logs.rows()[0]);
}

#[test]
fn policies_that_may_not_be_seen_are_not_taken_for_none() {
    let row = |status: &str| {
        let text = format!(
            r#"[{{"id":"{REQUEST}","conditionalAccessStatus":"{status}","status":{{"errorCode":1}},"appliedConditionalAccessPolicies":[]}}]"#
        );
        logs(&text).rows()[0].policies.is_some()
    };
    assert!(!row("failure"));
    assert!(row("notApplied"));
}

#[test]
fn what_is_no_log_is_refused_with_what_to_do() {
    assert!(refused(" \n").contains("empty"));
    assert!(refused("Datum (UTC),Anforderungs-ID\n1,2\n").contains("English headings"));
    assert!(refused("\u{0}\u{1}MZ binary").contains("English headings"));
    assert!(refused("Request ID,Status\n").contains("no sign-in"));
    assert!(refused(r#"{"log":{"entries":[]}}"#).contains("no sign-ins"));
    assert!(refused(r#"{"value":"text"}"#).contains("no sign-ins"));
    assert!(refused(&format!("[{}", "[".repeat(100_000))).contains("line 1"));
    assert!(refused(graph().split_at(300).0).contains("breaks off"));
}

#[test]
fn what_comes_before_a_break_is_kept() {
    let text = format!("[{},{}", graph(), graph().split_at(200).0);
    let logs = logs(&text);
    is_the_row(&logs.rows()[0]);
    assert!(logs.files[0].warnings[0].starts_with("the log breaks off"), "{:?}", logs.files[0].warnings);
}

#[test]
fn one_line_of_millions_of_characters_is_read_once() {
    let long = "x".repeat(3_000_000);
    let text = format!(r#"[{{"note":"{long}","id":"{REQUEST}","status":{{"errorCode":50126}}}}]"#);
    assert_eq!(logs(&text).rows()[0].ending, failed(50126));
}

/// What is asked of a log: a failure of the graph's row, but for what the test changes.
fn sought<'s>(accounts: &'s Accounts, client: &'s ClientId, ids: &'s [Option<Guid>; 3], time: &str) -> Sought<'s> {
    Sought {
        trace_id: ids[0].as_ref(),
        correlation_id: ids[1].as_ref(),
        time: Some(time.parse().unwrap()),
        codes: &CODES,
        client: Some(client),
        tenant: ids[2].as_ref(),
        account: None,
        accounts,
    }
}

/// What was found, in a word.
fn found(logs: &SignInLogs, ids: [Option<&str>; 3], time: &str) -> String {
    found_for(CLIENT, logs, ids, time)
}

/// The same for a failure of another application, or of the same by another name.
fn found_for(client: &str, logs: &SignInLogs, ids: [Option<&str>; 3], time: &str) -> String {
    let (accounts, client, ids) = (Accounts::default(), ClientId::parse(client), ids.map(|id| id.and_then(Guid::parse)));
    match logs.find(&sought(&accounts, &client, &ids, time)) {
        Join::NoLog => "no log".to_owned(),
        Join::Found { told, by } => format!("{} {}", by.name(), told.number),
        Join::Several { count, by } => format!("{} of {count}", by.name()),
        Join::None => "none".to_owned(),
    }
}

#[test]
fn rows_are_found_by_the_strongest_id_there_is() {
    let other = graph().replace(REQUEST, "11110000-0000-4000-8000-000000000002").replace("14:00:05", "14:00:45");
    let success = graph().replace(REQUEST, "11110000-0000-4000-8000-000000000003").replace("53000", "0");
    let logs = logs(&format!("[{},{other},{success}]", graph()));
    let unknown = "99990000-0000-4000-8000-000000000001";
    let at = "2026-11-20T14:00:40Z";
    assert_eq!(found(&logs, [Some(REQUEST), Some(CORRELATION), None], at), "request-id 0");
    assert_eq!(found(&logs, [Some(unknown), Some(CORRELATION), None], at), "correlation-id 1");
    assert_eq!(found(&logs, [None, Some(CORRELATION), None], "2026-11-20T14:00:25Z"), "correlation-id of 2");
    assert_eq!(found(&logs, [None, Some(unknown), Some(TENANT)], at), "none");
    assert_eq!(found(&SignInLogs::default(), [Some(REQUEST), None, None], at), "no log");
}

#[test]
fn of_too_many_rows_none_is_taken() {
    let rows = |count: usize| logs(&format!("[{}]", vec![graph(); count].join(",")));
    let (enough, too_many) = (rows(2000), rows(2001));
    let time = "2026-11-20T14:00:05Z";
    for (ids, by) in [
        ([Some(REQUEST), None, None], "request-id"),
        ([None, Some(CORRELATION), None], "correlation-id"),
        ([None, None, Some(TENANT)], "time"),
    ] {
        assert_eq!(found(&enough, ids, time), format!("{by} 0"));
        assert_eq!(found(&too_many, ids, time), format!("{by} of 2001"));
    }
}

#[test]
fn without_an_id_everything_else_has_to_agree() {
    let logs = logs(&format!("[{}]", graph()));
    assert_eq!(found(&logs, [None, None, Some(TENANT)], "2026-11-20T14:01:50Z"), "time 0");
    assert_eq!(found(&logs, [None, None, Some(TENANT)], "2026-11-20T14:02:10Z"), "none");
    assert_eq!(found(&logs, [None, None, None], "2026-11-20T14:00:05Z"), "none");
    assert_eq!(found(&logs, [None, None, Some(CLIENT)], "2026-11-20T14:00:05Z"), "none");
}

#[test]
fn the_id_of_an_application_is_the_same_in_capitals() {
    let (logs, capitals, at) = (logs(&format!("[{}]", graph())), CLIENT.to_uppercase(), "2026-11-20T14:00:05Z");
    assert_eq!(found_for(&capitals, &logs, [None, Some(CORRELATION), None], at), "correlation-id 0");
    assert_eq!(found_for(&capitals, &logs, [None, None, Some(TENANT)], at), "time 0");
    assert_eq!(found_for(TENANT, &logs, [None, Some(CORRELATION), None], at), "none");
}

#[test]
fn a_code_of_b2c_is_none_of_entra_with_the_same_number() {
    let (logs, accounts, client) = (logs(&format!("[{}]", graph())), Accounts::default(), ClientId::parse(CLIENT));
    let ids = [None, Guid::parse(CORRELATION), Guid::parse(TENANT)];
    let of_b2c = [ErrorCode { family: Family::Aadb2c, number: 53000 }];
    let entra = sought(&accounts, &client, &ids, "2026-11-20T14:00:05Z");
    let b2c = Sought { codes: &of_b2c, ..sought(&accounts, &client, &ids, "2026-11-20T14:00:05Z") };
    assert!(matches!(logs.find(&entra), Join::Found { by: By::CorrelationId, .. }));
    assert!(matches!(logs.find(&b2c), Join::None));
    assert!(matches!(logs.find(&Sought { correlation_id: None, ..b2c }), Join::None));
}

#[test]
fn an_identifier_and_an_id_may_be_those_of_one_application() {
    let (logs, identifier, at) = (logs(&format!("[{}]", graph())), "https://app.example/saml", "2026-11-20T14:00:05Z");
    assert_eq!(found_for(identifier, &logs, [None, Some(CORRELATION), None], at), "correlation-id 0");
    assert_eq!(found_for(identifier, &logs, [None, None, Some(TENANT)], at), "none", "the time is not enough");
}

#[test]
fn an_ambiguous_time_joins_nothing_and_a_row_that_stands_twice_does() {
    let other = graph().replace(REQUEST, "11110000-0000-4000-8000-000000000002");
    let ask = |logs: &SignInLogs| found(logs, [None, None, Some(TENANT)], "2026-11-20T14:00:05Z");
    assert_eq!(ask(&logs(&format!("[{},{other}]", graph()))), "time of 2");
    assert_eq!(ask(&logs(&format!("[{},{}]", graph(), graph()))), "time 0");
}

#[test]
fn a_loop_of_one_correlation_id_is_not_searched_again_and_again() {
    let mut lines = String::new();
    for number in 0..3000 {
        let line = graph().replace(REQUEST, &format!("11110000-0000-4000-8000-{number:012}")).replace('\n', " ");
        writeln!(lines, "{line}").unwrap();
    }
    assert_eq!(found(&logs(&lines), [None, Some(CORRELATION), None], "2026-11-20T14:00:05Z"), "correlation-id of 3000");
}

#[test]
fn the_workspace_of_log_analytics_is_no_directory() {
    let row = |names: &str| {
        let log = format!(r#"[{{"Id":"{REQUEST}","CorrelationId":"{CORRELATION}","AppId":"{CLIENT}","ResultType":"53000",{names}}}]"#);
        logs(&log).rows()[0].tenant.as_ref().map(|tenant| tenant.as_str().to_owned())
    };
    let workspace = r#""TenantId":"eeee0000-0000-4000-8000-000000000001""#;
    let time = r#""TimeGenerated":"2026-11-20T14:00:05Z""#;
    assert_eq!(row(&format!(r#"{time},{workspace},"AADTenantId":"{TENANT}""#)).as_deref(), Some(TENANT));
    assert_eq!(row(&format!("{time},{workspace}")), None);
    assert_eq!(row(&format!(r#""time":"2026-11-20T14:00:05Z","tenantId":"{TENANT}""#)).as_deref(), Some(TENANT));
}
