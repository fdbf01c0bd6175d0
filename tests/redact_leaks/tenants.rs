//! Tenants, with `--hide-tenant`.

use crate::{APP, get, gone_from, post, redact, refused_by_api, refused_silently, remark, replied, stays};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

#[test]
fn hosts_of_sharepoint_and_dynamics() {
    let entries = [
        get("https://zenvora.sharepoint.com/sites/hr"),
        get("https://zenvora-my.sharepoint.com/_forms/default.aspx"),
        get("https://zenvora-admin.sharepoint.com/"),
        get(&format!("{APP}/?next=https%3A%2F%2Fzenvora.crm4.dynamics.com%2Fmain.aspx")),
        get("https://zenvora.api.crm.dynamics.com/api/data/v9.2/WhoAmI"),
    ];
    gone_from("sharepoint", &entries, &["--hide-tenant"], &["zenvora"]);
    let texts = [
        refused_silently("zenvora.onmicrosoft.com", "app.contoso.example"),
        refused_by_api("AADSTS500011: The resource principal named zenvora-my.sharepoint.com was not found"),
        refused_by_api(&format!("AADSTS50013: {}", STANDARD.encode("see https://zenvora.sharepoint.com/sites/hr"))),
    ];
    let within: String = STANDARD.encode("https://zenvora.share").chars().skip(4).take(16).collect();
    gone_from("sharepoint-texts", &texts, &["--hide-tenant"], &["zenvora", &within]);
    // What belongs to Microsoft, and what is not to be hidden.
    let (_, text) = redact("sharepoint-kept", &[get("https://www.sharepoint.com/"), get("https://home.dynamics.com/")], &["--hide-tenant"]);
    assert!(text.contains("https://www.sharepoint.com/") && text.contains("https://home.dynamics.com/"));
    let (_, text) = redact("sharepoint-shown", &entries, &[]);
    assert!(text.contains("https://zenvora-my.sharepoint.com/"));
}

#[test]
fn a_saml_message_to_a_host_of_the_tenants_domain() {
    let xml = concat!(
        r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_4f7a2b1c9d" InResponseTo="id1234567890" Version="2.0" "#,
        r#"IssueInstant="2026-11-20T14:43:47Z" Destination="https://hr.zenvora.example/acs"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">"#,
        r#"https://sts.windows.net/ec98250f-d258-4b5a-80b9-798ac22c5670/</Issuer><samlp:Status><samlp:StatusCode "#,
        r#"Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:Response>"#,
    );
    let response: String = url::form_urlencoded::byte_serialize(STANDARD.encode(xml).as_bytes()).collect();
    let mut posted = post("https://hr.zenvora.example/acs", &format!("SAMLResponse={response}&RelayState=abc12345"));
    posted["request"]["postData"]["mimeType"] = json!("application/x-www-form-urlencoded");
    let entries = [posted, get("https://login.microsoftonline.com/zenvora.example/saml2?SAMLRequest=x")];
    gone_from("saml-tenant", &entries, &["--hide-tenant"], &["zenvora"]);
    let (_, text) = redact("saml-tenant-read", &entries, &["--hide-tenant"]);
    let (_, message) = text.split_once("SAMLResponse=").unwrap();
    let message: String =
        url::form_urlencoded::parse(format!("x={}", message.split('&').next().unwrap()).as_bytes()).next().unwrap().1.into();
    let message = String::from_utf8(STANDARD.decode(message).unwrap()).unwrap();
    assert!(message.contains("status:Success") && message.contains("/acs") && !message.contains("zenvora"), "{message}");
}

#[test]
fn names_of_tenants_and_applications_in_the_wordings_of_the_service() {
    let id = "5f3c2a10-8f1e-4b7a-9d3c-0e1f2a3b4c5d";
    let texts = [
        format!("AADSTS700016: Application with identifier '{id}' was not found in the directory 'Zenvora GmbH'. This can happen if"),
        "AADSTS500011: The resource principal named https://graph.contoso.example was not found in the tenant named Zenvora GmbH. This can happen if".to_owned(),
        format!("AADSTS50020: User account 'x' does not exist in tenant 'Zenvora GmbH' and cannot access the application '{id}'(Quxora Payroll) in that tenant."),
        format!("AADSTS50105: Your administrator has configured the application Quxora Payroll ('{id}') to block users unless they are specifically granted ('assigned') access to the application."),
        format!("AADSTS65001: The user or administrator has not consented to use the application with ID '{id}' named 'Quxora Payroll'."),
        format!("AADSTS50194: Application '{id}'(Quxora Payroll) is not configured as a multi-tenant application."),
        "AADSTS650052: The app needs access to a service that your organization \"Zenvora GmbH\" has not subscribed to or enabled.".to_owned(),
    ];
    for (number, text) in texts.iter().enumerate() {
        let entries = [refused_by_api(text)];
        gone_from(&format!("wordings-{number}"), &entries, &["--hide-tenant"], &["Zenvora", "Quxora", id]);
        stays(
            &format!("wordings-shown-{number}"),
            &entries,
            &[&serde_json::Value::from(text.as_str()).to_string().trim_matches('"').replace("\\\"", "\\\\\\\"")],
        );
    }
    // Whose directory it is decides what the failure is.
    let services = "AADSTS50020: User account 'x' from identity provider 'live.com' does not exist in tenant 'Microsoft Services' and cannot access the application";
    let (output, text) = redact("wordings-services", &[refused_by_api(services)], &["--hide-tenant"]);
    assert!(output.status.success() && text.contains("'Microsoft Services'"));
}

#[test]
fn the_domain_that_somebody_signs_in_with() {
    let url = "https://login.microsoftonline.com/common/userrealm/?user=ada@zenvora.example&api-version=2.1";
    let realm = r#"{"NameSpaceType":"Federated","Login":"ada@zenvora.example","DomainName":"zenvora.example","FederationBrandName":"Quxora Works","AuthURL":"https://adfs.zenvora.example/adfs/ls/?username=ada"}"#;
    let page = remark("Welcome to Quxora Works");
    gone_from(
        "realm",
        &[replied(url, realm), get("https://adfs.zenvora.example/adfs/ls/"), page],
        &["--hide-tenant"],
        &["zenvora", "Quxora"],
    );
    // One of personal accounts belongs to no tenant.
    let personal = r#"{"NameSpaceType":"Federated","DomainName":"outlook.com","FederationBrandName":"MSA"}"#;
    let (output, text) = redact("realm-personal", &[replied(url, personal), remark("see outlook.com")], &["--hide-tenant"]);
    assert!(output.status.success() && text.contains("see outlook.com"));
}
