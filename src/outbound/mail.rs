//! Composes mails: subject, text and HTML in the customer's language. A mail contains no text that a customer wrote.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use crate::i18n::Locale;
use crate::model::mail::MailContent;
use crate::model::{Message, ServiceType, Status};

/// Composes a mail from this sender, whose message id ends with this domain. Returns `None` if a header cannot be
/// encoded, which the validation of its parts rules out.
pub(super) fn compose(mail: &MailContent, from: &Mailbox, domain: &str) -> Option<lettre::Message> {
    let locale = Locale::from_tag(&mail.locale).unwrap_or_default();
    let at = Duration::from_secs(u64::try_from(mail.at.second()).unwrap_or_default());
    let header = |name, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
    let part = |kind, text: String| SinglePart::builder().header(kind).body(text);
    let text = MailText::translate(mail, locale);
    lettre::Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, mail.to.as_str().parse().ok()?))
        .subject(text.subject.as_str())
        .date(UNIX_EPOCH + at)
        .message_id(Some(mail.message_id(domain)))
        .raw_header(header("Content-Language", locale.name()))
        // Automatic replies must not be sent to it (RFC 3834, 5).
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .multipart(
            MultiPart::alternative()
                .singlepart(part(ContentType::TEXT_PLAIN, text.plain()))
                .singlepart(part(ContentType::TEXT_HTML, text.html(locale))),
        )
        .ok()
}

/// Translated texts of a mail.
struct MailText {
    subject: String,
    sentence: String,
    /// Labels and values.
    rows: [(String, String); 3],
    footer: String,
}

impl MailText {
    fn translate(mail: &MailContent, locale: Locale) -> Self {
        let status = locale.text(status(mail.status()));
        let subject = Message::new("mail.subject").with("id", mail.ticket).with("status", &status);
        Self {
            subject: locale.translate(&subject),
            sentence: locale.translate(&mail.notice.message(mail.ticket, mail.level)),
            rows: [
                (locale.text("mail.ticket"), mail.ticket.to_string()),
                (locale.text("mail.status"), status),
                (locale.text("mail.service"), locale.text(service(mail.service))),
            ],
            footer: locale.text("mail.automatic"),
        }
    }

    fn plain(&self) -> String {
        let [ticket, status, service] = self.rows.each_ref().map(|(name, value)| format!("{name}: {value}"));
        format!("{}\n\n{ticket}\n{status}\n{service}\n\n{}\n", self.sentence, self.footer)
    }

    fn html(&self, locale: Locale) -> String {
        let row = |(name, value): &(String, String)| {
            format!(
                "<tr><th align=\"start\" scope=\"row\">{}</th><td>{}</td></tr>",
                escape_html(name),
                escape_html(value)
            )
        };
        let rows = self.rows.each_ref().map(row).join("\n");
        format!(
            "<!DOCTYPE html>\n<html lang=\"{}\" dir=\"{}\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n\
             <body>\n<p>{}</p>\n<table>\n{rows}\n</table>\n<p><small>{}</small></p>\n</body>\n</html>\n",
            locale.name(),
            if locale.is_right_to_left() { "rtl" } else { "ltr" },
            escape_html(&self.subject),
            escape_html(&self.sentence),
            escape_html(&self.footer),
        )
    }
}

/// Escapes a text for HTML.
fn escape_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(character),
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
    fn a_mail_is_composed_in_every_locale() {
        for locale in Locale::all() {
            for service in ServiceType::ALL {
                let mail = MailContent {
                    id: NotificationId::FIRST,
                    id_prefix: MessageIdPrefix::new("0123456789abcdef").unwrap(),
                    to: EmailAddress::new("amina@example.com").unwrap(),
                    locale: locale.name().to_owned(),
                    notice: Notice::TicketEscalated,
                    ticket: TicketId::FIRST,
                    level: Level::SECOND,
                    at: Timestamp::from_second(1_750_000_000).unwrap(),
                    service: *service,
                };
                let from = "Suppört \"x\" <support@example.com>".parse().unwrap();
                let message = compose(&mail, &from, "example.com").unwrap();
                let bytes = message.formatted();
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
        assert_eq!(
            escape_html("<b title='x'>\"a\" & b</b>"),
            "&lt;b title=&#39;x&#39;&gt;&quot;a&quot; &amp; b&lt;/b&gt;"
        );
    }
}
