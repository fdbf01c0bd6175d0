//! `entrace serve`, spoken to over loopback without a browser: who is let in, what is taken, what is handed out, and
//! that nothing stays behind.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

use program::{entrace, fixture, password};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Cursor, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const CAPTURE: &str = "third-party-cookies-blocked.v4.devtools-full.har";
const WORKS: &str = "healthy-federated.v2.devtools-sanitized.har";
const LOCKED: &str = "redirect-uri-mismatch.v4.saz-aes.saz";

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// entrace as it serves, in a temporary folder of its own.
struct Served {
    child: Child,
    /// `127.0.0.1:…`.
    host: String,
    token: String,
    place: TempDir,
}

/// An answer.
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn read(stream: TcpStream) -> Self {
        let mut reader = BufReader::new(stream);
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let status = lines.first().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or_else(|| panic!("no answer: {lines:?}"));
        let header = |line: &String| line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
        let headers: Vec<(String, String)> = lines.iter().skip(1).filter_map(header).collect();
        let mut body = Vec::new();
        reader.read_to_end(&mut body).unwrap();
        Self { status, headers, body }
    }

    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    fn problem(&self) -> String {
        self.json()["problem"].as_str().unwrap().to_owned()
    }
}

/// A browser that was let in.
struct Visitor<'s> {
    served: &'s Served,
    folder: String,
    cookie: String,
}

impl Served {
    fn start() -> Self {
        let mut command = entrace();
        command.args(["serve", "--no-open"]);
        Self::start_by(command)
    }

    fn start_by(mut command: Command) -> Self {
        let place = TempDir::new().unwrap();
        let mut child = command.env("TMPDIR", place.path()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let (host, token) = address.trim().strip_prefix("http://").unwrap().split_once("/?token=").unwrap();
        Self { child, host: host.to_owned(), token: token.to_owned(), place }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends a request as it is written, with the lines of its head, and gives the answer.
    fn send(&self, first: &str, head: &[&str], body: &[u8]) -> Answer {
        let mut stream = self.connect();
        let lines: String = head.iter().map(|line| format!("{line}\r\n")).collect();
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        write!(stream, "{first} HTTP/1.1\r\nConnection: close\r\n{lines}{length}\r\n").unwrap();
        // What is refused early is not read to its end.
        let _ = stream.write_all(body);
        Answer::read(stream)
    }

    fn get(&self, path: &str, head: &[&str]) -> Answer {
        let host = format!("Host: {}", self.host);
        self.send(&format!("GET {path}"), &[&[host.as_str()], head].concat(), b"")
    }

    fn enter(&self) -> Visitor<'_> {
        let answer = self.get(&format!("/?token={}", self.token), &[]);
        let (cookie, attributes) = answer.header("set-cookie").split_once("; ").unwrap();
        let folder = attributes.split("; ").find_map(|attribute| attribute.strip_prefix("Path=")).unwrap();
        Visitor { served: self, folder: folder.to_owned(), cookie: format!("Cookie: {cookie}") }
    }

    /// How many files entrace holds open that have no name. Those with a name would lie in its temporary folder.
    fn files(&self) -> usize {
        assert_eq!(fs::read_dir(self.place.path()).unwrap().count(), 0, "something lies in the temporary folder");
        let Ok(open) = fs::read_dir(format!("/proc/{}/fd", self.child.id())) else { return 0 };
        let nameless = |path: &std::path::PathBuf| path.starts_with(self.place.path());
        open.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok()).filter(nameless).count()
    }

    /// Waits until so many files are held.
    fn comes_to_hold(&self, files: usize) {
        let began = Instant::now();
        while self.files() != files {
            assert!(began.elapsed() < PATIENCE, "{} files are held instead of {files}", self.files());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for the end, and gives the exit status.
    fn ends(&mut self) -> Option<i32> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert_eq!(fs::read_dir(self.place.path()).unwrap().count(), 0, "something was left behind");
                return status.code();
            }
            assert!(began.elapsed() < PATIENCE, "entrace goes on");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Visitor<'_> {
    fn head(&self) -> Vec<String> {
        let host = &self.served.host;
        vec![format!("Host: {host}"), format!("Origin: http://{host}"), "Sec-Fetch-Site: same-origin".to_owned(), self.cookie.clone()]
    }

    fn ask(&self, method: &str, path: &str, more: &[&str], body: &[u8]) -> Answer {
        let head = self.head();
        let head: Vec<&str> = head.iter().map(String::as_str).chain(more.iter().copied()).collect();
        self.served.send(&format!("{method} {}{path}", self.folder), &head, body)
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    fn upload(&self, name: &str, body: &[u8]) -> Answer {
        self.ask("POST", "captures", &[&format!("Entrace-Name: {name}")], body)
    }

    /// Uploads a fixture that has to be taken.
    fn dropped(&self, name: &str) -> Value {
        let answer = self.upload(name, &fixture(name));
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }

    fn count(&self) -> usize {
        self.get("captures").json()["captures"].as_array().unwrap().len()
    }
}

fn id(upload: &Value) -> &str {
    upload["id"].as_str().unwrap()
}

#[test]
fn the_address_lets_in_once_and_the_cookie_stays_in_this_browser_and_folder() {
    let served = Served::start();
    assert_eq!(served.get("/", &[]).status, 401);
    assert_eq!(served.get("/?token=0123456789abcdef0123456789abcdef", &[]).status, 401);
    // Programs that look at addresses before people do ask for the head alone.
    let host = format!("Host: {}", served.host);
    let address = format!("/?token={}", served.token);
    assert_eq!(served.send(&format!("HEAD {address}"), &[&host], b"").status, 401);
    let first = served.get(&address, &[]);
    let cookie = first.header("set-cookie");
    let attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
    assert_eq!((first.status, &attributes[1..]), (200, ["HttpOnly", "SameSite=Strict"].as_slice()));
    let folder = attributes[0].strip_prefix("Path=").unwrap();
    assert_eq!((folder.len(), first.header("referrer-policy")), (34, "no-referrer"));
    assert!(!first.text().contains(&served.token));
    let again = served.get(&address, &[]);
    assert_eq!((again.status, again.header("set-cookie")), (410, ""));
    let cookie = format!("Cookie: {}", cookie.split(';').next().unwrap());
    assert_eq!(served.get(folder, &[&cookie]).status, 200);
    assert_eq!(served.get(folder, &[]).status, 401);
    assert_eq!(served.get(folder, &["Cookie: entrace=0123456789abcdef0123456789abcdef"]).status, 401);
    assert_eq!(served.get("/0123456789abcdef0123456789abcdef/", &[&cookie]).status, 401);
}

#[test]
fn other_hosts_and_other_sites_are_refused() {
    let served = Served::start();
    let visitor = served.enter();
    let page = format!("GET {}", visitor.folder);
    let port = served.host.rsplit(':').next().unwrap();
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")] {
        assert_eq!(served.send(&page, &[&format!("Host: {host}"), &visitor.cookie], b"").status, 200, "{host}");
    }
    // A name that somebody pointed at 127.0.0.1 (DNS rebinding), another port, no port, none, two.
    let own = format!("Host: {}", served.host);
    let rebound = format!("Host: attacker.example:{port}");
    for hosts in
        [vec![rebound.as_str()], vec!["Host: 127.0.0.1:1"], vec!["Host: localhost"], vec![], vec![&own, &rebound], vec![&rebound, &own]]
    {
        let head: Vec<&str> = hosts.iter().copied().chain([visitor.cookie.as_str()]).collect();
        let answer = served.send(&page, &head, b"");
        assert!(matches!(answer.status, 400 | 403), "{hosts:?}: {}", answer.status);
        assert!(!answer.text().contains("<main"));
    }
    assert_eq!(served.send(&page.replace(" /", &format!(" http://attacker.example:{port}/")), &[&own, &visitor.cookie], b"").status, 403);

    let post = format!("POST {}captures", visitor.folder);
    let foreign = "Origin: https://attacker.example";
    let same = format!("Origin: http://{}", served.host);
    let neighbour = "Origin: http://127.0.0.1:1";
    for origins in [vec![], vec![foreign], vec!["Origin: null"], vec![neighbour], vec![&same, foreign], vec!["Origin: http://localhost"]] {
        let head: Vec<&str> = [own.as_str(), &visitor.cookie, "Entrace-Name: a.har"].into_iter().chain(origins.clone()).collect();
        let answer = served.send(&post, &head, &fixture(CAPTURE));
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (403, ""), "{origins:?}");
    }
    for foreign in [foreign, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"] {
        assert_eq!(served.send(&page, &[&own, &visitor.cookie, foreign], b"").status, 403, "{foreign}");
    }
    let preflight = ["Access-Control-Request-Method: POST", "Access-Control-Request-Headers: entrace-name"];
    let asked = served.send(&post.replace("POST", "OPTIONS"), &[&[own.as_str(), foreign], preflight.as_slice()].concat(), b"");
    assert_eq!((asked.status, asked.header("access-control-allow-origin")), (403, ""));
    for (method, path) in [("DELETE", "captures/x"), ("POST", "captures/x/password"), ("POST", "end")] {
        let head = [own.as_str(), &visitor.cookie, foreign];
        assert_eq!(served.send(&format!("{method} {}{path}", visitor.folder), &head, b"").status, 403, "{method} {path}");
        let head = [own.as_str(), &same];
        assert_eq!(served.send(&format!("{method} {}{path}", visitor.folder), &head, b"").status, 401, "{method} {path}");
    }
    assert_eq!(visitor.count(), 0);
}

#[test]
fn every_answer_is_kept_from_caches_frames_and_other_sites() {
    let served = Served::start();
    let visitor = served.enter();
    let upload = visitor.dropped(CAPTURE);
    let report = format!("captures/{}/report", id(&upload));
    let bundle = format!("captures/{}/bundle", id(&upload));
    let mut answers: Vec<(String, Answer)> =
        ["", "serve.js", "serve.css", "report.css", "icon.svg", "captures", "nothing", &report, &bundle]
            .into_iter()
            .map(|path| (path.to_owned(), visitor.get(path)))
            .collect();
    answers.push(("refused".to_owned(), served.get("/", &[])));
    for (path, answer) in &answers {
        let policy = answer.header("content-security-policy");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{path}: {policy}");
        assert!(answer.headers.iter().all(|(name, _)| !name.starts_with("access-control")), "{path}");
    }
    let policy = |path: &str| answers.iter().find(|(known, _)| known == path).unwrap().1.header("content-security-policy");
    assert!(policy("").contains("script-src 'self'") && !policy("").contains("sha256"));
    // Even a report that could run something would be of no site.
    assert!(policy(&report).contains("sandbox allow-scripts") && !policy(&report).contains("allow-same-origin"));
}

#[test]
fn a_capture_is_read_and_what_may_leave_is_what_the_command_line_makes() {
    let served = Served::start();
    let visitor = served.enter();
    let upload = visitor.dropped(CAPTURE);
    let card = &upload["captures"][0];
    assert_eq!((card["path"].as_str(), card["verdict"].as_str()), (Some(CAPTURE), Some("failing")));
    assert_eq!(card["failures"][0]["code"], "AADSTS50058");
    assert_eq!(card["failures"][0]["cause"], "third-party-cookies-blocked");
    assert!(card["failures"][0]["ticket"].as_str().unwrap().contains("Correlation id: "));
    assert_eq!(visitor.get("captures").json()["captures"][0], upload);

    let at = |what: &str| format!("captures/{}/{what}", id(&upload));
    let made = |arguments: &[&str]| entrace().args(arguments).output().unwrap().stdout;
    assert_eq!(visitor.get(&at("report")).body, made(&["--format", "html", CAPTURE]));
    assert_eq!(visitor.get(&at("markdown")).body, made(&["--format", "markdown", CAPTURE]));

    let place = TempDir::new().unwrap();
    let (har, zip) = (place.path().join("a.har"), place.path().join("a.zip"));
    for options in [[].as_slice(), &["--hide-tenant", "--strict"], &["--keep-bodies"]] {
        let query = options.iter().map(|option| option.trim_start_matches("--")).collect::<Vec<_>>().join("&");
        let redacted = visitor.get(&at(&format!("redacted?{query}")));
        entrace().arg("redact").arg(CAPTURE).arg("--output").arg(&har).args(options).output().unwrap();
        assert_eq!(redacted.body, fs::read(&har).unwrap(), "{options:?}");
        assert!(redacted.header("entrace-replaced").parse::<usize>().unwrap() > 5);
        let named = "attachment; filename=\"third-party-cookies-blocked.v4.devtools-full.redacted.har\"";
        assert_eq!(redacted.header("content-disposition"), named);
        entrace().arg("bundle").arg(CAPTURE).arg("--output").arg(&zip).args(options).output().unwrap();
        assert_eq!(visitor.get(&at(&format!("bundle?{query}"))).body, fs::read(&zip).unwrap(), "{options:?}");
        fs::remove_file(&zip).unwrap();
    }
    assert_eq!(visitor.ask("DELETE", &format!("captures/{}", id(&upload)), &[], b"").status, 204);
    assert_eq!((visitor.count(), visitor.get(&at("redacted")).status, visitor.get(&at("report")).status), (0, 404, 404));
    served.comes_to_hold(0);
}

#[test]
fn two_captures_are_compared() {
    let served = Served::start();
    let visitor = served.enter();
    let (working, failing) = (visitor.dropped(WORKS), visitor.dropped(CAPTURE));
    let compared = visitor.get(&format!("comparison?working={}&failing={}", id(&working), id(&failing)));
    let same = entrace().args(["compare", "--format", "html", WORKS, CAPTURE]).output().unwrap().stdout;
    assert_eq!((compared.status, compared.body), (200, same));
    assert_eq!(visitor.get(&format!("comparison?working={}&failing=x", id(&working))).status, 404);
}

#[test]
fn why_a_file_cannot_be_compared_is_told() {
    let served = Served::start();
    let visitor = served.enter();
    let (working, no_capture) = (visitor.dropped(WORKS), visitor.upload("hello.txt", b"hello").json());
    let compared = visitor.get(&format!("comparison?working={}&failing={}", id(&working), id(&no_capture)));
    let told = compared.text();
    assert!(compared.status == 422 && told.contains("hello.txt cannot be compared: ") && !told.contains("holds 0 captures"), "{told}");
}

#[test]
fn several_come_at_once_and_each_is_itself() {
    let served = Served::start();
    let visitor = served.enter();
    let captures = [CAPTURE, WORKS, "two-failures.v4.devtools-sanitized.har", "client-secret-invalid.node.mitm.har"];
    let uploads: Vec<Value> = std::thread::scope(|scope| {
        let sent: Vec<_> = captures.iter().map(|capture| scope.spawn(|| visitor.dropped(capture))).collect();
        sent.into_iter().map(|sent| sent.join().unwrap()).collect()
    });
    let names: Vec<&str> = uploads.iter().map(|upload| upload["name"].as_str().unwrap()).collect();
    assert_eq!((names.as_slice(), visitor.count()), (captures.as_slice(), 4));
    let mut ids: Vec<&str> = uploads.iter().map(id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert!(ids.len() == 4 && ids.iter().all(|id| id.len() == 32));
}

#[test]
fn who_goes_away_leaves_nothing_behind() {
    let served = Served::start();
    let visitor = served.enter();
    let mut stream = served.connect();
    let head: String = visitor.head().iter().map(|line| format!("{line}\r\n")).collect();
    write!(stream, "POST {}captures HTTP/1.1\r\n{head}Entrace-Name: a.har\r\nContent-Length: 1000000000\r\n\r\n", visitor.folder).unwrap();
    stream.write_all(&fixture(CAPTURE)).unwrap();
    if cfg!(target_os = "linux") {
        served.comes_to_hold(1);
    }
    drop(stream);
    served.comes_to_hold(0);
    assert_eq!(visitor.count(), 0);
}

/// What arrives is put down as it comes, and read as a file.
#[test]
#[cfg(target_os = "linux")]
fn a_large_capture_takes_no_more_memory_than_a_small_one() {
    const SPACES: usize = 128 << 20;
    let served = Served::start();
    let visitor = served.enter();
    let (before, after) = (r#"{"log":{"entries":[{"request":{"method":"GET","url":"https://app.example/"}}"#, "]}}");
    let mut stream = served.connect();
    let head: String = visitor.head().iter().map(|line| format!("{line}\r\n")).collect();
    let length = before.len() + SPACES + after.len();
    let first = format!("POST {}captures HTTP/1.1\r\nConnection: close\r\n{head}", visitor.folder);
    write!(stream, "{first}Entrace-Name: a.har\r\nContent-Length: {length}\r\n\r\n{before}").unwrap();
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..SPACES / spaces.len() {
        stream.write_all(&spaces).unwrap();
    }
    stream.write_all(after.as_bytes()).unwrap();
    let answer = Answer::read(stream);
    assert_eq!((answer.status, answer.json()["captures"][0]["verdict"].as_str()), (201, Some("no Entra traffic")));
    let status = fs::read_to_string(format!("/proc/{}/status", served.child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<usize>().ok()).unwrap();
    assert!(peak < SPACES / 1024 / 2, "{peak} KiB");
}

#[test]
#[cfg(unix)]
fn an_interruption_ends_it_and_nothing_stays() {
    for signal in ["INT", "TERM"] {
        let mut served = Served::start();
        served.enter().dropped(CAPTURE);
        let killed = std::process::Command::new("kill").args(["-s", signal, &served.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        assert_eq!(served.ends(), Some(0), "{signal}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_and_what_did_not_fit_gives_its_room_back() {
    if !program::can_mount() {
        return;
    }
    let mut command = Command::new("unshare");
    let line = "mount -t tmpfs -o size=400k none \"$TMPDIR\" && exec \"$0\" serve --no-open";
    command.args(["-rm", "sh", "-c", line, env!("CARGO_BIN_EXE_entrace")]);
    let served = Served::start_by(command);
    let visitor = served.enter();
    let capture = fixture("third-party-cookies-blocked.v4.devtools-full.har");
    let answer = visitor.upload("large.har", &[&capture[..], &b" ".repeat(300 << 10)].concat());
    assert_eq!(answer.status, 507);
    assert!(answer.text().contains("No space left"), "{}", answer.text());
    assert_eq!(visitor.count(), 0);
    // It fits, as nothing of the first is left.
    assert_eq!(visitor.upload("login.har", &capture).status, 201);
}

#[test]
fn the_page_can_end_it() {
    let mut served = Served::start();
    let visitor = served.enter();
    visitor.dropped(CAPTURE);
    assert_eq!(visitor.ask("POST", "end", &[], b"").status, 204);
    assert_eq!(served.ends(), Some(0));
}

#[test]
fn what_goes_over_a_limit_is_refused_by_name() {
    let served = Served::start();
    let visitor = served.enter();
    // Said before anything of it comes.
    let mut head = visitor.head();
    head.extend(["Entrace-Name: a.har", "Content-Length: 99999999999999"].map(str::to_owned));
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let large = served.send(&format!("POST {}captures", visitor.folder), &head, b"");
    assert_eq!((large.status, large.problem().as_str()), (413, "it is larger than 32 GiB; cut it down to the sign-in"));
    let long = visitor.ask("POST", &format!("captures/{}/password", id(&visitor.dropped(LOCKED))), &[], &[b'x'; 5000]);
    assert_eq!((long.status, long.problem().as_str()), (400, "this is no password"));
    assert_eq!(visitor.ask("POST", "captures", &[], b"{}").problem(), "the file has no name");
    for _ in visitor.count()..100 {
        assert_eq!(visitor.upload("a.har", b"{}").status, 201);
    }
    let more = visitor.upload("a.har", b"{}");
    assert_eq!((more.status, more.problem().as_str()), (507, "100 captures are kept already; remove some first"));
    assert_eq!(visitor.count(), 100);
}

#[test]
fn an_encrypted_archive_asks_for_its_password() {
    let served = Served::start();
    let visitor = served.enter();
    let upload = visitor.dropped(LOCKED);
    assert!(upload["locked"].is_string());
    let at = format!("captures/{}/password", id(&upload));
    let wrong = visitor.ask("POST", &at, &[], b"not this one").json();
    assert!(wrong["locked"].as_str().unwrap().contains("the password does not open this archive"), "{wrong}");
    let right = visitor.ask("POST", &at, &[], password(LOCKED).unwrap().as_bytes()).json();
    assert_eq!((right["locked"].is_null(), right["captures"][0]["failures"][0]["code"].as_str()), (true, Some("AADSTS50011")));
    assert_eq!((id(&right), visitor.count()), (id(&upload), 1));
    let redacted = visitor.get(&format!("captures/{}/redacted", id(&upload)));
    assert_eq!(redacted.status, 200, "{}", redacted.text());
}

#[test]
fn what_is_no_capture_is_told_as_on_the_command_line() {
    let served = Served::start();
    let visitor = served.enter();
    let upload = visitor.upload("notes.json", b"{}").json();
    let card = &upload["captures"][0];
    assert_eq!((card["verdict"].as_str(), upload["readable"].as_bool()), (Some("not read"), Some(false)));
    assert!(card["reason"].as_str().unwrap().starts_with("this is JSON but not a HAR"), "{card}");
    let redacted = visitor.get(&format!("captures/{}/redacted", id(&upload)));
    assert_eq!((redacted.status, redacted.problem().starts_with("this is JSON but not a HAR")), (422, true));
}

#[test]
fn what_is_no_capture_is_told_where_it_is_compared() {
    let served = Served::start();
    let visitor = served.enter();
    let (notes, capture) = (visitor.upload("notes.json", b"{}").json(), visitor.dropped(CAPTURE));
    let compared = visitor.get(&format!("comparison?working={}&failing={}", id(&notes), id(&capture)));
    let said = compared.text();
    assert_eq!(compared.status, 422, "{said}");
    assert!(said.contains("notes.json cannot be compared: this is JSON but not a HAR"), "{said}");
}

#[test]
fn every_capture_of_a_zip_is_read() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in [CAPTURE, WORKS] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&fixture(name)).unwrap();
    }
    let served = Served::start();
    let visitor = served.enter();
    let upload = visitor.upload("both.zip", &zip.finish().unwrap().into_inner()).json();
    let paths: Vec<&str> = upload["captures"].as_array().unwrap().iter().map(|card| card["path"].as_str().unwrap()).collect();
    assert_eq!(paths, [format!("both.zip!{CAPTURE}"), format!("both.zip!{WORKS}")]);
    let redacted = visitor.get(&format!("captures/{}/redacted", id(&upload)));
    assert_eq!((redacted.status, redacted.problem().starts_with("this archive holds 2 captures")), (422, true));
}

#[test]
fn a_hostile_name_is_only_a_name() {
    let served = Served::start();
    let visitor = served.enter();
    let hostile = "..%2F..%2F%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%22%0D%0ASet-Cookie%3A%20a%3Db%E2%80%AE.har";
    let upload = visitor.upload(hostile, &fixture(CAPTURE)).json();
    let name = upload["name"].as_str().unwrap();
    assert_eq!(name, "<img src=x onerror=alert(1)>\"  Set-Cookie: a=b.har");
    let report = visitor.get(&format!("captures/{}/report", id(&upload)));
    assert!(report.text().contains("&lt;img src=x") && !report.text().contains("<img"));
    let redacted = visitor.get(&format!("captures/{}/redacted", id(&upload)));
    assert_eq!((redacted.status, redacted.header("set-cookie")), (200, ""));
    assert_eq!(
        redacted.header("content-disposition"),
        "attachment; filename=\"img-src-x-onerror-alert-1-----Set-Cookie--a-b.redacted.har\""
    );
    // Neither the folder of the files nor any other is named.
    let place = served.place.path().display().to_string();
    assert!(!report.text().contains(&place) && !report.text().contains(".."));
    for id in ["..%2F..%2Fetc", "%00", "x", ""] {
        assert!(matches!(visitor.get(&format!("captures/{id}/report")).status, 404 | 400), "{id}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_browser_is_given_the_address_unless_that_is_not_wanted() {
    use std::os::unix::fs::PermissionsExt;
    let place = TempDir::new().unwrap();
    let (opener, opened) = (place.path().join("xdg-open"), place.path().join("opened"));
    fs::write(&opener, format!("#!/bin/sh\necho \"$1\" > '{0}.new'\n/bin/mv '{0}.new' '{0}'\n", opened.display())).unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    for (options, is_opened) in [(["--no-open"].as_slice(), false), (&[], true)] {
        let mut command = entrace();
        command.arg("serve").args(options).env("PATH", place.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        // Said before the browser is opened; where none is, there is nothing to wait for.
        let began = Instant::now();
        while is_opened && !opened.exists() && began.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(20));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(fs::read_to_string(&opened).ok(), is_opened.then_some(address));
    }
}

#[test]
fn a_port_that_is_taken_is_told() {
    let served = Served::start();
    let port = served.host.rsplit(':').next().unwrap();
    let output = entrace().args(["serve", "--no-open", "--port", port]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), said.contains("choose another with --port")), (Some(2), true), "{said}");
}
