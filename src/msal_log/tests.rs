//! Logs of every form as MSAL writes them, with ids that are made up.

use super::*;
use crate::capture::LARGEST_LOG;

const CORRELATION: &str = "00990000-0000-4000-8000-0000000000a1";
const TRACE: &str = "00990000-0000-4000-8000-0000000000b1";

fn sentence() -> String {
    format!(
        "AADSTS50058: Ada (ada@contoso.example) is not there. Trace ID: {TRACE} Correlation ID: {CORRELATION} Timestamp: 2026-11-20 14:42:29Z"
    )
}

/// One error with all that the service says of it.
#[track_caller]
fn whole(text: &str) -> Event {
    let log = MsalLog::read(text);
    assert_eq!(log.events.len(), 1, "{text}\n{:?}", log.events);
    let event = log.events[0].clone();
    assert_eq!(event.codes, [ErrorCode::aadsts(50058)], "{text}");
    assert_eq!(event.trace_id.as_ref().unwrap().as_str(), TRACE, "{text}");
    assert_eq!(event.correlation_id.as_ref().unwrap().as_str(), CORRELATION, "{text}");
    assert_eq!(event.at().unwrap().to_rfc3339(), "2026-11-20T14:42:29+00:00", "{text}");
    event
}

fn console(level: &str, message: &str) -> String {
    format!("app.js:7 [Fri, 20 Nov 2026 14:42:30 GMT] : [{CORRELATION}] : @azure/msal-browser@4.12.0 : {level} - {message}\n")
}

#[test]
fn a_version_has_numbers_and_words_of_versions() {
    let version = |written: &str| {
        let log = MsalLog::read(&format!("[Fri, 20 Nov 2026 14:42:29 GMT] : [] : @azure/msal-common@{written} : Error - x"));
        log.library.unwrap().version
    };
    for plain in ["15.1.0", "4.0.0-beta.1", "1.24.0b1", "5.0.0-alpha0", "4.61.3.0"] {
        assert_eq!(version(plain).as_deref(), Some(plain));
    }
    for other in ["", "15.1.ada0", "1.0-ada.lovelace", "beta", "1.ada+1", "1111111111111111111111111"] {
        assert_eq!(version(other), None, "{other}");
    }
}

#[test]
fn lines_of_msal_js_tell_version_time_and_call() {
    let event = whole(&console("Error", &sentence()));
    let library = event.library.unwrap();
    assert_eq!((library.name, library.version.as_deref()), ("msal-browser", Some("4.12.0")));
    assert_eq!(event.time.unwrap().to_rfc3339(), "2026-11-20T14:42:30+00:00");
    let own = MsalLog::read(&console("Error", "BrowserAuthError: monitor_window_timeout: It took too long.")).events.remove(0);
    assert_eq!((own.error, own.codes.len()), (Some("monitor_window_timeout"), 0));
    assert_eq!((own.correlation_id.unwrap().as_str(), own.trace_id), (CORRELATION, None));
}

#[test]
fn a_message_of_several_lines_is_one_error() {
    let broken = sentence().replace(" Trace", "\nTrace").replace(" Correlation", "\r\nCorrelation").replace(" Timestamp", "\nTimestamp");
    let event = whole(&format!("hello\n{}    at app.js:1\n{}", console("Error", &broken), console("Info", "next")));
    assert_eq!((event.number, event.part), (1, "line"));
}

#[test]
fn what_is_told_several_times_counts_once() {
    let text = format!(
        "{}{}Uncaught (in promise) InteractionRequiredAuthError: login_required: {}\n",
        console("Verbose", &sentence()),
        console("Error", "InteractionRequiredAuthError: login_required"),
        sentence()
    );
    whole(&text);
    let two = MsalLog::read(&format!("{text}{}", console("Error", &sentence().replace(TRACE, "00990000-0000-4000-8000-0000000000b2"))));
    assert_eq!(two.events.len(), 2);
}

#[test]
fn errors_as_json_are_read_alone_in_a_list_and_one_a_line() {
    let error = serde_json::json!({
        "errorCode": "login_required", "errorMessage": sentence(), "subError": "", "name": "InteractionRequiredAuthError",
        "errorNo": "50058", "correlationId": CORRELATION, "timestamp": "2026-11-20 14:42:29Z", "traceId": TRACE,
    });
    let own = r#"{"errorCode":"monitor_window_timeout","errorMessage":"x","name":"BrowserAuthError"}"#;
    let event = whole(&error.to_string());
    assert_eq!((event.error, event.number, event.part), (Some("login_required"), 0, "error"));
    whole(&serde_json::json!({"level": "error", "message": {"inner": [error]}}).to_string());
    let reply = serde_json::json!({"error": "login_required", "error_description": sentence(), "error_codes": [50058]});
    whole(&reply.to_string());
    let logged = serde_json::json!({"level": 0, "message": console("Error", &sentence()), "containsPii": false});
    whole(&format!("{{\"hello\": 1}}\n{logged}\n"));
    for text in [format!("[{own},{error}]"), format!("{own}\n{error}\n"), format!("[{own},{error}"), format!("[{own},{error},{{\"errorCo")]
    {
        let log = MsalLog::read(&text);
        let numbers: Vec<usize> = log.events.iter().map(|event| event.number).collect();
        assert_eq!(numbers, [0, 1], "{text}");
        assert_eq!(log.warnings.is_empty(), text.ends_with([']', '\n']), "{text}");
    }
}

#[test]
fn a_json_error_that_is_cut_short_is_read_as_text() {
    let log = MsalLog::read(r#"{"errorCode":"monitor_window_timeout","errorMess"#);
    assert_eq!(log.events[0].error, Some("monitor_window_timeout"));
}

#[test]
fn lines_of_msal_net_are_read() {
    let head = format!("Error (False) MSAL 4.61.3.0 MSAL.NetCore Microsoft Windows 10.0.1 [2026-11-20 14:42:28Z - {CORRELATION}] ");
    let text = format!(
        "{head}Exception type: Microsoft.Identity.Client.MsalUiRequiredException\n, ErrorCode: invalid_grant\nHTTP StatusCode 400\n{}\n",
        sentence()
    );
    let event = whole(&text);
    assert_eq!(event.library.unwrap(), Library { name: "MSAL.NET", version: Some("4.61.3.0".to_owned()) });
    assert_eq!(event.error, Some("invalid_grant"));
    let bare = MsalLog::read(&format!("{head}MsalUiRequiredException: user_null")).events.remove(0);
    assert_eq!((bare.error, bare.at().unwrap().to_rfc3339()), (Some("user_null"), "2026-11-20T14:42:28+00:00".to_owned()));
}

#[test]
fn lines_of_msal4j_are_read() {
    let head = format!("2026-11-20 14:42:29 ERROR c.m.a.m.ConfidentialClientApplication - [Correlation ID: {CORRELATION}] ");
    let trace = "\tat com.microsoft.aad.msal4j.TokenRequestExecutor.executeTokenRequest(TokenRequestExecutor.java:40)";
    let text = format!(
        "{head}Execution of class com.microsoft.aad.msal4j.AcquireTokenSilentSupplier failed.\ncom.microsoft.aad.msal4j.MsalInteractionRequiredException: {}\n{trace}\n",
        sentence()
    );
    let log = MsalLog::read(&text);
    assert_eq!(log.library.as_ref().unwrap().name, "MSAL4J");
    assert_eq!((log.events.len(), log.events[0].codes.clone()), (1, vec![ErrorCode::aadsts(50058)]), "{:?}", log.events);
}

#[test]
fn lines_of_msal_python_are_read() {
    let event = whole(&format!("DEBUG:msal.application:Refresh failed. invalid_grant: {}\n", sentence()));
    assert_eq!((event.error, event.library.unwrap().name), (Some("invalid_grant"), "MSAL Python"));
    whole(&format!(
        "2026-11-20 14:42:29,001 - msal.application - ERROR - {{'error': 'invalid_grant', 'error_description': \"{}\"}}\n",
        sentence()
    ));
}

#[test]
fn what_is_no_error_is_none() {
    let text =
        format!("{}{}app.js:1 all is well\n", console("Info", "Emitting event: msal:acquireTokenStart"), console("Verbose", "no error"));
    let log = MsalLog::read(&text);
    assert_eq!((log.events.len(), log.warnings.len(), log.is_of_msal), (0, 0, true));
    let unnamed = MsalLog::read(&console("Error", "Something of ada@contoso.example"));
    assert_eq!(unnamed.events.len(), 0);
    assert!(unnamed.warnings[0].starts_with("1 message is an error that names neither"), "{:?}", unnamed.warnings);
}

#[test]
fn what_is_no_log_of_msal_is_refused() {
    let refused = |bytes: &[u8]| MsalLog::from_bytes(bytes).err().unwrap().to_string();
    assert!(refused(b" \n").contains("is empty"));
    assert!(refused(b"hello\nworld\n").contains("no line of it is MSAL's"));
    assert!(refused(b"{\"log\": {\"entries\": []}}").contains("no line of it is MSAL's"));
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(console("Error", &sentence()).encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(MsalLog::from_bytes(&utf16).unwrap().events.len(), 1);
}

#[test]
fn a_log_of_msal_has_an_end() {
    let bytes = vec![0; LARGEST_LOG as usize + 1];
    assert!(matches!(MsalLog::from_bytes(&bytes), Err(MsalLogError::TooLarge)));
}

#[test]
fn a_hostile_log_takes_its_time_by_the_line() {
    let many: String = (0..80_000).map(|number| format!("AADSTS{} ", 1_000_000 + number)).collect();
    let log = MsalLog::read(&console("Error", &many));
    assert!(log.events.len() == 1 && log.events[0].codes.len() <= 100);
    let nested = format!("{}{}", "[".repeat(5000), "{\"errorCode\":\"monitor_window_timeout\"");
    assert!(MsalLog::read(&nested).events.len() <= 1);
    let brackets = format!("[{}\u{202e}\u{1b}[2J : @azure/msal-\n", "[x] : ".repeat(100_000));
    assert!(MsalLog::read(&brackets).events.is_empty());
    let calls: String = (0..20_000).map(|number| console("Error", &format!("BrowserAuthError: monitor_window_timeout {number}"))).collect();
    assert_eq!(MsalLog::read(&calls).events.len(), 1);
}

#[test]
fn of_too_many_errors_none_is_taken() {
    let error = |number: usize| console("Error", &sentence().replace("50058", &format!("{}", 90_000 + number)));
    let mut logs = MsalLogs::default();
    logs.add_bytes("console.log", (0..2001).map(error).collect::<String>().as_bytes()).unwrap();
    let correlation = Guid::parse(CORRELATION).unwrap();
    let sought = Sought { trace_id: None, correlation_id: Some(&correlation), codes: &[ErrorCode::aadsts(50058)], error: None };
    assert!(matches!(logs.find(&sought), Join::Several { count: 2001, by: By::CorrelationId }));
}

#[test]
fn an_error_is_found_by_the_ids_of_a_failure_and_not_by_a_guess() {
    let other = "00990000-0000-4000-8000-0000000000b2";
    let text = format!(
        "{}{}{}{}",
        console("Error", &sentence()),
        console("Error", &sentence().replace("50058", "700084").replace(TRACE, other)),
        console("Error", "BrowserAuthError: monitor_window_timeout: x"),
        console("Error", "BrowserAuthError: user_cancelled: x"),
    );
    let mut logs = MsalLogs::default();
    logs.add_bytes("console.log", text.as_bytes()).unwrap();
    let (trace, correlation) = (Guid::parse(TRACE).unwrap(), Guid::parse(CORRELATION).unwrap());
    let sought = Sought { trace_id: Some(&trace), correlation_id: Some(&correlation), codes: &[], error: None };
    assert!(matches!(logs.find(&sought), Join::Found { told, by: By::TraceId } if told.number == 0));
    let code = [ErrorCode::aadsts(700_084)];
    let by_code = Sought { trace_id: None, codes: &code, ..sought };
    assert!(matches!(logs.find(&by_code), Join::Found { told, by: By::CorrelationId } if told.number == 1));
    let of_other_reply = Sought { trace_id: Some(&trace), codes: &code, ..sought };
    // The trace id names its error, whatever the code.
    assert!(matches!(logs.find(&of_other_reply), Join::Found { told, .. } if told.number == 0));
    let silent = Sought { trace_id: None, codes: &[], ..sought };
    assert!(matches!(logs.find(&silent), Join::Several { count: 2, by: By::CorrelationId }));
    let unknown = Guid::parse("00990000-0000-4000-8000-0000000000ff").unwrap();
    assert!(matches!(logs.find(&Sought { trace_id: Some(&unknown), correlation_id: None, ..sought }), Join::None));
    assert!(matches!(MsalLogs::default().find(&sought), Join::NoLog));
}

/// Found by the fuzzer: the first line was lost where a mere line feed broke the string.
#[test]
fn a_string_that_a_line_end_breaks_is_read_alike_with_both() {
    let text = "[\"first\",\"] : @azure/msal-browser@4.12.0 : Error - AADSTS50076: x\nAADSTS65001: y\"";
    let log = MsalLog::read(text);
    assert_eq!(log.events, MsalLog::read(&text.replace('\n', "\r\n")).events);
    assert_eq!(log.events.first().and_then(Event::code).map(|code| code.number), Some(50076));
}
