//! What a mail says: subject, text and HTML in the customer's language. No word of a customer's own is in it.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use crate::i18n::Locale;
use crate::model::mail::MailContent;
use crate::model::{Message, ServiceType, Status};

/// The mail of this letter, from this sender, whose id ends with this domain; none where it cannot be written, which the
/// checks of its parts rule out.
pub(super) fn compose(letter: &MailContent, from: &Mailbox, domain: &str) -> Option<lettre::Message> {
    let locale = Locale::of_tag(&letter.locale).unwrap_or_default();
    let at = Duration::from_secs(u64::try_from(letter.at.second()).unwrap_or_default());
    let header = |name, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
    let part = |kind, text: String| SinglePart::builder().header(kind).body(text);
    let said = Said::of(letter, locale);
    lettre::Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, letter.to.as_str().parse().ok()?))
        .subject(said.subject.as_str())
        .date(UNIX_EPOCH + at)
        .message_id(Some(letter.message_id(domain)))
        .raw_header(header("Content-Language", locale.name()))
        // Nobody's answering machine is to answer (RFC 3834, 5).
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .multipart(
            MultiPart::alternative()
                .singlepart(part(ContentType::TEXT_PLAIN, said.text()))
                .singlepart(part(ContentType::TEXT_HTML, said.html(locale))),
        )
        .ok()
}

/// The sentences of a mail.
struct Said {
    subject: String,
    sentence: String,
    /// Each with its name.
    lines: [(String, String); 3],
    end: String,
}

impl Said {
    fn of(letter: &MailContent, locale: Locale) -> Self {
        let status = locale.word(status(letter.status()));
        let subject = Message::new("mail.subject").with("id", letter.ticket).with("status", &status);
        Self {
            subject: locale.say(&subject),
            sentence: locale.say(&letter.notice.message(letter.ticket, letter.level)),
            lines: [
                (locale.word("mail.ticket"), letter.ticket.to_string()),
                (locale.word("mail.status"), status),
                (locale.word("mail.service"), locale.word(service(letter.service))),
            ],
            end: locale.word("mail.automatic"),
        }
    }

    fn text(&self) -> String {
        let [ticket, status, service] = self.lines.each_ref().map(|(name, value)| format!("{name}: {value}"));
        format!("{}\n\n{ticket}\n{status}\n{service}\n\n{}\n", self.sentence, self.end)
    }

    fn html(&self, locale: Locale) -> String {
        let row = |(name, value): &(String, String)| {
            format!("<tr><th align=\"start\" scope=\"row\">{}</th><td>{}</td></tr>", escaped(name), escaped(value))
        };
        let rows = self.lines.each_ref().map(row).join("\n");
        format!(
            "<!DOCTYPE html>\n<html lang=\"{}\" dir=\"{}\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n\
             <body>\n<p>{}</p>\n<table>\n{rows}\n</table>\n<p><small>{}</small></p>\n</body>\n</html>\n",
            locale.name(),
            if locale.is_right_to_left() { "rtl" } else { "ltr" },
            escaped(&self.subject),
            escaped(&self.sentence),
            escaped(&self.end),
        )
    }
}

/// The text as HTML shows it.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(sign),
        }
    }
    html
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Open => "mail.status_open",
        Status::Escalated => "mail.status_escalated",
        Status::Closed => "mail.status_closed",
    }
}

const fn service(service: ServiceType) -> &'static str {
    match service {
        ServiceType::Ride => "mail.service_ride",
        ServiceType::Order => "mail.service_order",
        ServiceType::Booking => "mail.service_booking",
        ServiceType::EventService => "mail.service_event",
        ServiceType::InDiningOrder => "mail.service_in_dining",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EmailAddress;
    use crate::model::notification::Notice;
    use crate::model::webhook::MessageIdPrefix;
    use crate::model::{Level, NotificationId, TicketId, Timestamp};

    #[test]
    fn a_letter_is_written_in_every_language() {
        for locale in Locale::all() {
            for service in ServiceType::ALL {
                let letter = MailContent {
                    id: NotificationId::FIRST,
                    tag: MessageIdPrefix::new("0123456789abcdef").unwrap(),
                    to: EmailAddress::new("amina@example.com").unwrap(),
                    locale: locale.name().to_owned(),
                    notice: Notice::TicketEscalated,
                    ticket: TicketId::FIRST,
                    level: Level::SECOND,
                    at: Timestamp::from_second(1_750_000_000).unwrap(),
                    service: *service,
                };
                let from = "Suppört \"x\" <support@example.com>".parse().unwrap();
                let mail = compose(&letter, &from, "example.com").unwrap();
                let bytes = mail.formatted();
                let text = String::from_utf8(bytes.clone()).unwrap();
                assert!(bytes.is_ascii() && text.lines().all(|line| line.len() <= 998), "{text}");
                assert!(text.contains("Message-ID: <notification.1.0123456789abcdef@example.com>\r\n"), "{text}");
                assert_eq!(text.matches("\r\nTo:").count(), 1, "{text}");
                assert!(text.contains(&format!("Content-Language: {}\r\n", locale.name())), "{text}");
            }
        }
    }

    #[test]
    fn html_is_escaped() {
        assert_eq!(escaped("<b title='x'>\"a\" & b</b>"), "&lt;b title=&#39;x&#39;&gt;&quot;a&quot; &amp; b&lt;/b&gt;");
    }
}
