//! What the sign-in service calls ids, times and codes in other languages than English.
//!
//! Its pages and messages are translated, labels too: a part of the word is enough, because endings and order differ. What
//! none of these words stands before is left alone; of an id without its label nobody knows what it is of.

use super::failure::service_time;
use super::tenant::Guid;
use chrono::{DateTime, Utc};

/// In labels of the correlation id.
const CORRELATION: &[&str] = &[
    "korrel",
    "corrél",
    "correl",
    "korela",
    "corela",
    "коррел",
    "корел",
    "συσχέτ",
    "bağıntı",
    "相関",
    "関連付け",
    "关联",
    "相关",
    "相關",
    "關聯",
    "상관",
];

/// In labels of the trace id, which pages call the request's.
const TRACE: &[&str] = &[
    "anforderung",
    "ablaufverfolgung",
    "demande",
    "requête",
    "suivi",
    "solicitud",
    "seguimiento",
    "rastre",
    "richiesta",
    "traccia",
    "solicitação",
    "pedido",
    "aanvraag",
    "tracering",
    "begäran",
    "spårning",
    "anmodning",
    "forespørsel",
    "sporing",
    "pyyn",
    "jäljity",
    "żądani",
    "śledzeni",
    "požadav",
    "trasov",
    "kérés",
    "nyomkövet",
    "istek",
    "izleme",
    "запрос",
    "трассиров",
    "要求",
    "追跡",
    "トレース",
    "请求",
    "跟踪",
    "追蹤",
    "요청",
    "추적",
];

/// In labels of the time.
const TIME: &[&str] = &[
    "zeitstempel",
    "horodat",
    "marca de tiempo",
    "marca temporal",
    "carimbo",
    "data/hora",
    "tijdstempel",
    "tidsstämpel",
    "tidsstempel",
    "aikaleima",
    "znacznik czasu",
    "sygnatura czasowa",
    "časové razítko",
    "időbélyeg",
    "zaman damgası",
    "метка времени",
    "отметка времени",
    "χρονική σήμανση",
    "タイムスタンプ",
    "时间戳",
    "時間戳記",
    "타임스탬프",
];

/// Words before a number that is a code, in English too.
pub(super) const CODE_WORDS: &[&str] = &[
    "error",
    "code",
    "errorcode",
    "fehler",
    "fehlercode",
    "erreur",
    "d'erreur",
    "código",
    "codigo",
    "errore",
    "codice",
    "erro",
    "fout",
    "foutcode",
    "felkod",
    "fejlkode",
    "feilkode",
    "virhekoodi",
    "błędu",
    "chyby",
    "hibakód",
    "eroare",
    "kodu",
    "ошибки",
    "помилки",
    "σφάλματος",
    "エラー",
    "コード",
    "エラーコード",
    "代码",
    "错误代码",
    "代碼",
    "錯誤代碼",
    "錯誤碼",
    "코드",
    "오류",
];

/// How far back a label is looked for, in letters.
const FAR: usize = 40;

/// The correlation ids that a text labels in another language.
pub(super) fn correlation_ids(text: &str) -> Vec<Guid> {
    labelled(text, 8, CORRELATION, guid)
}

/// The trace ids.
pub(super) fn trace_ids(text: &str) -> Vec<Guid> {
    labelled(text, 8, TRACE, guid)
}

/// The times, UTC.
pub(super) fn times(text: &str) -> Vec<DateTime<Utc>> {
    let time = |rest: &str| {
        let is_year = rest.bytes().take(4).all(|byte| byte.is_ascii_digit());
        service_time(rest).filter(|_| is_year)
    };
    labelled(text, 4, TIME, time)
}

fn guid(rest: &str) -> Option<Guid> {
    Guid::parse(rest.get(..36)?)
}

/// What is read where so many bytes stand before a hyphen, and one of the words in the label before them.
fn labelled<T>(text: &str, before_hyphen: usize, words: &[&str], read: impl Fn(&str) -> Option<T>) -> Vec<T> {
    let starts = text.match_indices('-').filter_map(|(at, _)| at.checked_sub(before_hyphen));
    let found = starts.filter_map(|start| {
        let value = read(text.get(start..)?)?;
        let label = label(text.get(..start)?)?.to_lowercase();
        words.iter().any(|word| label.contains(word)).then_some(value)
    });
    found.collect()
}

/// The label with which a text ends, up to the line and value before it.
fn label(before: &str) -> Option<&str> {
    let is_mark = |c: char| matches!(c, ':' | '：' | '=');
    let label = before.trim_end_matches(|c: char| c.is_whitespace() || is_mark(c) || matches!(c, '"' | '\'' | '\\' | '*'));
    if !before.get(label.len()..)?.contains(is_mark) {
        return None;
    }
    let starts =
        label.char_indices().rev().take(FAR).take_while(|(_, c)| !c.is_ascii_digit() && !matches!(c, '\n' | '\r' | '"' | ':' | '：'));
    let start = starts.last()?.0;
    label.get(start..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_label_names_is_read() {
        const ID: &str = "01a1f968-aca4-798d-b874-efc7124221c2";
        for text in [format!("Korrelations-ID: {ID}"), format!("相関 ID：{ID}"), format!("ID de corrélation : {ID}")] {
            assert_eq!((correlation_ids(&text).len(), trace_ids(&text).len()), (1, 0), "{text}");
        }
        for text in [
            format!("die Korrelation {ID}"),
            format!("Korrelations-ID: keine\nAnwendung: {ID}"),
            format!("Anwendungs-ID: {ID}"),
            format!("Korrelations-ID: {}", ID.trim_end_matches("c2")),
            ID.to_owned(),
            "-".to_owned(),
        ] {
            assert_eq!((correlation_ids(&text).len(), trace_ids(&text).len()), (0, 0), "{text}");
        }
        assert_eq!(times("Zeitstempel: 2026-11-20T14:42:29Z").len(), 1);
        assert_eq!(times("ausgestellt: 2026-11-20T14:42:29Z").len(), 0);
    }
}
