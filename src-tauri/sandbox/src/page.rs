//! The pages a person sees: Bulgarian first, English beside it, no script, the same style throughout.

use std::fmt::Write as _;

use crate::call::{User, UserType};
use crate::script::{Scenario, scenarios};

/// A line in both languages.
struct Both {
    bg: &'static str,
    en: &'static str,
}

const INDIVIDUAL_DOCUMENTS: [Both; 3] = [
    Both { bg: "Договор за учебна сметка", en: "Training account agreement" },
    Both {
        bg: "Общи условия на учебната услуга", en: "General terms of the training service"
    },
    Both {
        bg: "Съгласие за електронни изявления", en: "Consent to electronic statements"
    },
];

const MERCHANT_DOCUMENTS: [Both; 3] = [
    Both {
        bg: "Договор за приемане на учебни плащания", en: "Training payments agreement"
    },
    Both {
        bg: "Тарифа за учебни търговци", en: "Tariff for training merchants"
    },
    Both {
        bg: "Декларация за действителен собственик", en: "Beneficial owner declaration"
    },
];

/// The documents of one user, to sign or to refuse.
pub(crate) fn sign(user: User, session: &str) -> String {
    let (kind, documents) = match user.kind {
        UserType::Individual => {
            (Both { bg: "Физическо лице", en: "Individual" }, INDIVIDUAL_DOCUMENTS)
        }
        UserType::Merchant => (Both { bg: "Търговец", en: "Merchant" }, MERCHANT_DOCUMENTS),
    };
    let mut items = String::new();
    for Both { bg, en } in documents {
        // Writing to a String cannot fail.
        let _ = write!(items, include_str!("pages/document.html"), bg = bg, en = en);
    }
    let body = format!(
        include_str!("pages/sign.html"),
        id = grouped(user.id),
        kind_bg = kind.bg,
        kind_en = kind.en,
        documents = items,
        session = escape(session),
    );
    shell("Подписване на документи · Sign documents", &body)
}

/// The Success page.
pub(crate) fn success() -> String {
    let body = include_str!("pages/success.html");
    shell("Подписването завърши · Signing finished", body)
}

/// The Fail page.
pub(crate) fn fail() -> String {
    let body = include_str!("pages/fail.html");
    shell("Отказано подписване · Signing refused", body)
}

pub(crate) fn already_signed() -> String {
    notice(
        &Both {
            bg: "Документите вече са подписани", en: "The documents have already been signed"
        },
        &Both {
            bg: "Този линк е използван. Можете да затворите страницата.",
            en: "This link has been used. You may close the page.",
        },
    )
}

pub(crate) fn already_refused() -> String {
    notice(
        &Both {
            bg: "Подписването вече е отказано", en: "Signing has already been refused"
        },
        &Both {
            bg: "Този линк не може да се използва отново. Можете да затворите страницата.",
            en: "This link cannot be used again. You may close the page.",
        },
    )
}

pub(crate) fn unknown_session() -> String {
    notice(
        &Both {
            bg: "Няма такъв линк за подписване", en: "There is no such signing link"
        },
        &Both {
            bg: "Линкът е непълен или учебната среда е рестартирана. Вземете нов линк от конзолата.",
            en: "The link is incomplete, or the training gateway was restarted. Get a new link in the console.",
        },
    )
}

pub(crate) fn nothing_here() -> String {
    notice(
        &Both { bg: "Няма такава страница", en: "There is no such page" },
        &Both {
            bg: r#"Какво предлага учебната среда, пише на <a href="/">началната страница</a>."#,
            en: r#"The <a href="/">start page</a> says what the training gateway offers."#,
        },
    )
}

/// What this is, how to get a token, and which user id does what.
pub(crate) fn home(base: &str) -> String {
    let mut rows = String::new();
    for Scenario { first, last, name, what, .. } in scenarios() {
        // Writing to a String cannot fail.
        let _ = write!(
            rows,
            include_str!("pages/scenario.html"),
            first = first,
            last = last,
            name = escape(name),
            what = escape(what),
        );
    }
    let body = format!(include_str!("pages/home.html"), base = escape(base), scenarios = rows,);
    shell("Учебна среда · Training gateway", &body)
}

fn notice(title: &Both, text: &Both) -> String {
    let body = format!(
        include_str!("pages/notice.html"),
        title_bg = title.bg,
        title_en = title.en,
        text_bg = text.bg,
        text_en = text.en,
    );
    shell(title.bg, &body)
}

fn shell(title: &str, body: &str) -> String {
    format!(include_str!("pages/shell.html"), title = escape(title), body = body,)
}

/// An id in groups of three digits from the right, kept on one line: what is read aloud and compared.
fn grouped(id: u32) -> String {
    let digits = id.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            plain => escaped.push(plain),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_escaped() {
        let user = User { id: 7, kind: UserType::Merchant };
        let page = sign(user, r#""><script>alert('1')</script>&"#);
        assert!(!page.contains("<script"));
        assert!(page.contains("&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;"));
    }

    #[test]
    fn long_ids_are_read_in_groups() {
        let group = |id| grouped(id).replace('\u{202f}', " ");
        assert_eq!(group(7), "7");
        assert_eq!(group(1_024), "1 024");
        assert_eq!(group(2_147_483_647), "2 147 483 647");
    }

    #[test]
    fn the_start_page_lists_every_scenario() {
        let page = home("http://127.0.0.1:1");
        for scenario in scenarios() {
            assert!(page.contains(&escape(scenario.what)), "{}", scenario.name);
        }
    }
}
