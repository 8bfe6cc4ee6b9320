//! Mail: each notification reaches its customer in their language despite failures, and none is sent while mail is off.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::receiver::{AUTHORITY, Receiver};
use crate::relay::{Relay, RelayAction};
use crate::webhooks::actions;
use crate::world::{Plan, World, eventually};

const TIMEOUT: Duration = Duration::from_secs(20);

/// Fixture: Élodie (101, French) shared a ride with Noor (102, Arabic), both with an address, and Sam (103) without
/// one.
fn fixture() -> Value {
    json!({
        "customers": [
            {"id": 101, "name": "Élodie <b>Martin</b>", "locale": "fr-CA", "email": "elodie@example.com"},
            {"id": 102, "name": "Noor", "locale": "ar", "email": "noor@example.com"},
            {"id": 103, "name": "Sam", "locale": "en"},
        ],
        "rides": [{"id": 101, "customerId": 101, "participantIds": [102, 103], "pickupLocation": "A", "dropoffLocation": "B"}],
    })
}

fn plan(url: &str, more: &[&str]) -> Plan {
    let mail = ["--smtp", url, "--mail-from", "Support <support@example.com>"];
    World::plan().with_fixture(fixture()).with_arguments(&[&mail[..], more].concat())
}

fn start_with_relay(relay: &Relay) -> World {
    plan(&relay.url(), &[]).start()
}

/// Creates a ticket of Élodie's with this group, and returns its id.
#[track_caller]
fn create_ticket(world: &World, group: &[i64]) -> i64 {
    let ticket = json!({"serviceType": "ride", "issueType": "OTHER", "description": "a secret of mine", "rideId": 101, "groupCustomerIds": group});
    world.customer(101).create(&ticket).data()["ticketId"].as_i64().unwrap()
}

/// Returns the number of mails in this state.
fn count(world: &World, state: &str) -> i64 {
    let store = rusqlite::Connection::open(world.file()).unwrap();
    store.busy_timeout(Duration::from_secs(5)).unwrap();
    store.query_row("SELECT count(*) FROM mails WHERE state = ?1", [state], |row| row.get(0)).unwrap()
}

#[track_caller]
fn wait_for_count(world: &World, state: &str, number: i64) {
    eventually(TIMEOUT, || (count(world, state) == number).then_some(()));
}

#[test]
fn an_owner_and_a_member_each_get_their_mail_in_their_language() {
    let relay = Relay::start();
    let world = start_with_relay(&relay);
    let ticket = create_ticket(&world, &[102, 103]);
    let mut got = relay.wait_for(2);
    got.sort_by_key(|mail| mail.to.clone());
    let [french, arabic] = &got[..] else { panic!("{got:?}") };
    assert_eq!(
        (&french.to[..], &arabic.to[..]),
        (&["elodie@example.com".to_owned()][..], &["noor@example.com".to_owned()][..])
    );
    assert_eq!((french.header("To").as_str(), french.from.as_str()), ("elodie@example.com", "support@example.com"));
    assert!(french.header("From").ends_with("<support@example.com>"));
    assert_eq!(french.header("Subject"), format!("Ticket de support {ticket} : ouvert"));
    assert_eq!(arabic.header("Subject"), format!("تذكرة الدعم {ticket}: مفتوحة"));
    assert_eq!((french.header("Content-Language"), arabic.header("Content-Language")), ("fr".into(), "ar".into()));
    assert_eq!(french.header("Auto-Submitted"), "auto-generated");
    let (text, html) = (french.part("text/plain"), french.part("text/html"));
    assert!(text.contains(&format!("Votre ticket de support {ticket} a été ouvert")), "{text}");
    assert!(text.contains("Statut actuel: ouvert") && text.contains("Service: course"), "{text}");
    assert!(html.contains("<html lang=\"fr\" dir=\"ltr\">") && html.contains("ouvert"), "{html}");
    assert!(arabic.part("text/html").contains("<html lang=\"ar\" dir=\"rtl\">"));
    for part in [french, arabic].iter().flat_map(|mail| mail.parts()) {
        assert!(!part.1.contains("secret") && !part.1.contains("Martin"), "{part:?}");
    }
    world.run(&["ticket", "close", &ticket.to_string()]);
    let closed = relay.wait_for(4);
    assert!(closed.iter().any(|mail| mail.header("Subject") == format!("Ticket de support {ticket} : clôturé")));
    let ids: BTreeSet<_> = closed.iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!(ids.len(), 4);
    wait_for_count(&world, "delivered", 4);
}

#[test]
fn an_email_address_is_never_disclosed() {
    let relay = Relay::start();
    let world = start_with_relay(&relay);
    let ticket = create_ticket(&world, &[102]);
    relay.wait_for(2);
    wait_for_count(&world, "delivered", 2);
    let shown = [
        world.inspect_ticket(ticket).to_string(),
        world.customer(102).track(ticket).text().to_owned(),
        world.customer(101).request("GET", "/notifications").send().text().to_owned(),
        world.log(),
    ];
    assert!(shown.iter().all(|shown| !shown.contains("elodie@") && !shown.contains("noor@")), "{shown:?}");
}

#[test]
fn mail_is_off_by_default_and_earlier_events_are_not_mailed_later() {
    let relay = Relay::start();
    let mut world = World::plan().with_fixture(fixture()).start();
    create_ticket(&world, &[]);
    world.signal("TERM");
    world.wait_for_exit(TIMEOUT);
    let mail = ["--smtp", &relay.url(), "--mail-from", "support@example.com"];
    world.restart_with(&mail);
    let on = create_ticket(&world, &[]);
    relay.wait_for(1);
    wait_for_count(&world, "delivered", 1);
    world.signal("KILL");
    world.wait_for_exit(TIMEOUT);
    world.restart_with(&[]);
    world.log_lines("mail is off");
    assert!(!world.log().contains("mail is sent from here"), "{}", world.log());
    create_ticket(&world, &[]);
    world.signal("TERM");
    world.wait_for_exit(TIMEOUT);
    world.restart_with(&mail);
    let again = create_ticket(&world, &[]);
    let got: Vec<_> = relay.wait_for(2).iter().map(|mail| mail.header("Subject")).collect();
    assert_eq!(got, [on, again].map(|ticket| format!("Ticket de support {ticket} : ouvert")));
    wait_for_count(&world, "delivered", 2);
    assert_eq!((count(&world, "waiting"), count(&world, "dead")), (0, 0));
}

#[test]
fn an_unavailable_relay_gets_all_mails_when_it_is_back() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let world = plan(&format!("smtp://{address}"), &[]).start();
    for _ in 0..3 {
        create_ticket(&world, &[]);
    }
    world.log_lines("not mailed yet");
    wait_for_count(&world, "waiting", 3);
    let relay = Relay::at(address, |_, _| RelayAction::Accept);
    relay.wait_for(3);
    wait_for_count(&world, "delivered", 3);
    assert_eq!(relay.mails().len(), 3);
}

#[test]
fn a_temporary_failure_is_retried_with_the_same_message_id() {
    let relay = Relay::with_script(|number, _| match number {
        0 => RelayAction::RejectRecipient(451),
        1 => RelayAction::RejectData(421),
        2 => RelayAction::Close,
        _ => RelayAction::Accept,
    });
    let world = start_with_relay(&relay);
    let began = Instant::now();
    create_ticket(&world, &[]);
    relay.wait_for(1);
    assert!(began.elapsed() > Duration::from_secs(5), "each wait is longer: {:?}", began.elapsed());
    wait_for_count(&world, "delivered", 1);
    assert_eq!(relay.recipients().len(), 4);
}

#[test]
fn a_rejected_mail_is_dead_immediately_and_the_next_is_sent() {
    let relay = Relay::with_script(|_, to| {
        if to.starts_with("elodie") { RelayAction::RejectRecipient(550) } else { RelayAction::Accept }
    });
    let world = start_with_relay(&relay);
    create_ticket(&world, &[102]);
    relay.wait_for(1);
    wait_for_count(&world, "dead", 1);
    wait_for_count(&world, "delivered", 1);
    let line = world.log_lines("a mail was given up").remove(0);
    assert!(line.contains("550") && line.contains("not this one") && !line.contains('\x1b'), "{line}");
    assert_eq!(relay.recipients().iter().filter(|to| to.starts_with("elodie")).count(), 1);
}

#[test]
fn agents_see_the_state_of_each_mail_and_can_retry_one() {
    let relay = Relay::with_script(|number, to| match number {
        0 | 1 if to.starts_with("elodie") => RelayAction::RejectRecipient(550),
        _ => RelayAction::Accept,
    });
    let world = plan(&relay.url(), &["--metrics"]).start();
    let ticket = create_ticket(&world, &[102]);
    wait_for_count(&world, "dead", 1);
    wait_for_count(&world, "delivered", 1);
    let mails = |more: &[&str]| {
        let mut output = world.run_json(&[&["notification", "mails"], more].concat());
        output["mails"].as_array_mut().map(std::mem::take).unwrap()
    };
    assert_eq!(mails(&[]).len(), 2);
    assert_eq!(mails(&["--customer", "102"])[0]["state"], "delivered");
    assert!(mails(&["--customer", "103"]).is_empty() && mails(&["--customer", "102", "--failed"]).is_empty());
    let mut dead = mails(&["--failed"]);
    assert_eq!(dead, mails(&["--failed", "--customer", "101"]));
    let mut dead = dead.remove(0);
    let (id, last) = (dead["notificationId"].to_string(), dead["lastAttempt"].take());
    assert_eq!((&last["status"], &last["error"]), (&json!(550), &json!(null)));
    assert!(last["answer"].as_str().unwrap().contains("not this one"), "{last}");
    for (member, value) in [
        ("customerId", json!(101)),
        ("ticketId", json!(ticket)),
        ("to", json!("elodie@example.com")),
        ("state", json!("dead")),
        ("attempts", json!(1)),
        ("nextAttemptAt", json!(null)),
    ] {
        assert_eq!(dead[member], value, "{member}");
    }
    let doctor = world.try_run(&["doctor", "--format", "json"]);
    let told: Value = serde_json::from_slice(&doctor.stdout).unwrap();
    let check = told["checks"].as_array().unwrap().iter().find(|check| check["check"] == "mails").unwrap();
    assert_eq!((doctor.status.code(), &check["command"]), (Some(1), &json!("support notification mails --failed")));
    assert_eq!(check["found"], json!({"waiting": 0, "retried": 0, "dead": 1}));
    let again = world.run_json(&["notification", "resend", &id]);
    assert_eq!((&again["state"], &again["attempts"]), (&json!("waiting"), &json!(0)));
    wait_for_count(&world, "delivered", 2);
    assert!(mails(&["--failed"]).is_empty());
    let metrics = eventually(TIMEOUT, || {
        let text = world.request_to("GET", "/metrics").send().text().to_owned();
        text.contains(r#"support_mail_attempts_total{outcome="delivered"} 2"#).then_some(text)
    });
    for line in [r#"support_mail_attempts_total{outcome="dead"} 1"#, "support_mail_dead_letters 0"] {
        assert!(metrics.lines().any(|found| found == line), "{line} in {metrics}");
    }
    let missing = world.try_run(&["notification", "resend", "99", "--format", "json"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("MAIL_NOT_FOUND"), "{missing:?}");
    assert_eq!(actions(&world, &format!("notification:{id}")), ["email.resent"]);
    world.run(&["audit", "verify"]);
}

/// Odd replies of a relay after it has accepted a mail: none of them causes a second attempt.
const ODD_REPLIES: &[&[u8]] = &[
    b"250 2.0.0 re\xe7u \xff\xfe\r\n",
    LONG_REPLY.as_slice(),
    b"250-queued\r\n250-as\x1b[2J\r\n250 77\r\n",
    b"250-queued and then nothing\r\n",
    b"250 cut off",
    b"250\r\n",
    b"250 no carriage return\n",
];

/// Reply of `250 ` and 5,000 characters.
const LONG_REPLY: [u8; 5_006] = {
    let mut reply = [b'x'; 5_006];
    reply[0] = b'2';
    reply[1] = b'5';
    reply[2] = b'0';
    reply[3] = b' ';
    reply[5_004] = b'\r';
    reply[5_005] = b'\n';
    reply
};

#[test]
fn a_mail_accepted_by_the_relay_is_sent_once_despite_any_reply() {
    let relay = Relay::with_script(|number, _| {
        ODD_REPLIES.get(number).map_or(RelayAction::Accept, |reply| RelayAction::ReplyAndClose(reply))
    });
    let world = start_with_relay(&relay);
    let count = ODD_REPLIES.len() + 1;
    for _ in 0..count {
        create_ticket(&world, &[]);
    }
    wait_for_count(&world, "delivered", i64::try_from(count).unwrap());
    assert_eq!(relay.recipients().len(), count, "none came twice");
    let mails = world.run_json(&["notification", "mails", "--limit", "100"])["mails"].take();
    let answers: Vec<_> =
        mails.as_array().unwrap().iter().rev().map(|mail| mail["lastAttempt"]["answer"].as_str().unwrap()).collect();
    assert_eq!(answers[0], "2.0.0 re\u{fffd}u \u{fffd}\u{fffd}");
    assert!(answers[1].len() <= 500 && answers[1].starts_with("xxx"), "{}", answers[1]);
    assert_eq!(answers[2], "queued as\u{fffd}[2J 77");
}

#[test]
fn a_silent_relay_delays_nothing_else_and_times_out_after_30_seconds() {
    let relay = Relay::with_script(|number, _| if number == 0 { RelayAction::Stall } else { RelayAction::Accept });
    let world = start_with_relay(&relay);
    let receiver = Receiver::start();
    world.run_json(&["webhook", "add", &receiver.url(), "--allow-private"]);
    create_ticket(&world, &[]);
    eventually(TIMEOUT, || (relay.recipients().len() == 1).then_some(()));
    let began = Instant::now();
    let ticket = create_ticket(&world, &[]);
    world.customer(101).close(ticket).assert_ok();
    receiver.wait_for(3);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert!(relay.mails().is_empty());
    let line = eventually(Duration::from_secs(45), || {
        world.log().lines().find(|line| line.contains("timed_out")).map(str::to_owned)
    });
    assert!(line.contains("not mailed yet"), "{line}");
    relay.wait_for(3);
}

#[test]
fn no_mail_is_lost_by_a_kill() {
    let relay = Relay::start();
    let mut world = start_with_relay(&relay);
    let mut opened = 0;
    for round in 0..5_u64 {
        for _ in 0..4 {
            create_ticket(&world, &[102]);
            opened += 2;
        }
        let before = relay.mails().len();
        eventually(TIMEOUT, || (relay.mails().len() > before || relay.mails().len() == opened).then_some(()));
        std::thread::sleep(Duration::from_micros(round * 7_919 % 6_000));
        world.signal("KILL");
        world.wait_for_exit(TIMEOUT);
        world.restart();
    }
    wait_for_count(&world, "delivered", i64::try_from(opened).unwrap());
    let ids: BTreeSet<_> = relay.mails().iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!(ids.len(), opened, "each came under one id");
    assert!(relay.mails().len() <= opened + 5, "at most one comes twice for each kill: {}", relay.mails().len());
}

#[test]
fn one_of_two_servers_sends_and_the_other_takes_over() {
    let relay = Relay::start();
    let world = start_with_relay(&relay);
    create_ticket(&world, &[]);
    relay.wait_for(1);
    let other = world.start_second_server();
    for _ in 0..5 {
        create_ticket(&world, &[]);
    }
    relay.wait_for(6);
    assert!(world.log().contains("mail is sent from here") && !other.log().contains("mail is sent from here"));
    // A mail in flight during a crash may be sent twice.
    wait_for_count(&world, "delivered", 6);
    world.signal("KILL");
    let died = Instant::now();
    world.run(&[
        "ticket",
        "create",
        "--customer",
        "101",
        "--service",
        "ride",
        "--ride",
        "101",
        "--issue",
        "OTHER",
        "--description",
        "x",
    ]);
    relay.wait_for(7);
    assert!(died.elapsed() < Duration::from_secs(10), "{:?}", died.elapsed());
    let ids: BTreeSet<_> = relay.mails().iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!((relay.mails().len(), ids.len()), (7, 7), "each came once");
}

#[test]
fn a_server_without_a_relay_leaves_mail_on_while_another_sends() {
    let relay = Relay::start();
    let world = start_with_relay(&relay);
    create_ticket(&world, &[]);
    relay.wait_for(1);
    let other = world.start_second_server_with(&[]);
    std::thread::sleep(Duration::from_secs(9));
    assert!(!other.log().contains("mail is off"));
    create_ticket(&world, &[]);
    relay.wait_for(2);
}

#[test]
fn a_server_without_a_relay_leaves_mail_on_while_another_has_nothing_to_send() {
    let relay = Relay::start();
    let world = start_with_relay(&relay);
    world.log_lines("mail is sent from here");
    let other = world.start_second_server_with(&[]);
    std::thread::sleep(Duration::from_secs(9));
    assert!(!other.log().contains("mail is off"));
    create_ticket(&world, &[]);
    relay.wait_for(1);
}

#[test]
fn a_server_without_a_relay_leaves_mail_on_for_the_successor_of_a_crashed_one() {
    let relay = Relay::start();
    let mut world = start_with_relay(&relay);
    world.log_lines("mail is sent from here");
    world.signal("KILL");
    world.restart();
    let other = world.start_second_server_with(&[]);
    world.log_lines("mail is sent from here");
    std::thread::sleep(Duration::from_secs(3));
    assert!(!other.log().contains("mail is off"));
    create_ticket(&world, &[]);
    relay.wait_for(1);
}

#[test]
fn a_relay_with_starttls_gets_mail_over_tls_with_authentication() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::with_tls();
    let password = folder.path().join("smtp.txt");
    fs::write(&password, "pass word\n").unwrap();
    fs::set_permissions(&password, fs::Permissions::from_mode(0o600)).unwrap();
    let url = format!("smtp://desk%40example.com@localhost:{}", relay.address.port());
    let world = plan(&url, &["--smtp-password-file", password.to_str().unwrap(), "--ca", AUTHORITY]).start();
    create_ticket(&world, &[]);
    let mail = relay.wait_for(1).remove(0);
    assert_eq!((mail.secret, mail.login.as_deref()), (true, Some("\0desk@example.com\0pass word")));
    assert!(!world.log().contains("pass word"));
}

#[test]
fn a_relay_with_implicit_tls_gets_mail_over_tls() {
    let relay = Relay::start_tls();
    let world = plan(&format!("smtps://localhost:{}", relay.address.port()), &["--ca", AUTHORITY]).start();
    for _ in 0..3 {
        create_ticket(&world, &[102]);
    }
    assert!(relay.wait_for(6).iter().all(|mail| mail.secret));
    wait_for_count(&world, "delivered", 6);
}

#[test]
fn a_remote_relay_without_tls_gets_no_mail() {
    let relay = Relay::start();
    // An unusual address of this machine.
    let world = plan(&format!("smtp://desk:pw@[::ffff:127.0.0.1]:{}", relay.address.port()), &[]).start();
    create_ticket(&world, &[]);
    let line = world.log_lines("not mailed yet").remove(0);
    assert!(line.contains("STARTTLS is not supported"), "{line}");
    assert!(relay.recipients().is_empty());
}

#[test]
fn mail_waits_for_a_relay_whose_certificate_or_login_fails() {
    let stranger = Relay::with_tls();
    let world = plan(&format!("smtp://localhost:{}", stranger.address.port()), &[]).start();
    create_ticket(&world, &[]);
    world.log_lines("not mailed yet");
    let relay = Relay::start();
    let unknown = plan(&format!("smtp://desk:wrong@{}", relay.address), &[]).start();
    create_ticket(&unknown, &[]);
    let line = unknown.log_lines("not mailed yet").remove(0);
    assert!(line.contains("unreachable") && line.contains("who are you") && !line.contains("wrong"), "{line}");
    assert!(stranger.mails().is_empty() && relay.mails().is_empty());
    assert_eq!((count(&world, "waiting"), count(&unknown, "waiting")), (1, 1));
}

#[test]
fn unusable_settings_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str, mode| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (open, empty, good) = (file("open", "pw", 0o644), file("empty", "\n", 0o600), file("good", "pw", 0o600));
    let world = World::start();
    let from = "support@example.com";
    for (arguments, code, option, words) in [
        (&["--smtp", "mail.example.com:25", "--mail-from", from][..], 2, "--smtp: ", "smtps://"),
        (&["--smtp", "smtp://u:hunter2@h/x", "--mail-from", from], 2, "--smtp: ", "smtps://"),
        (&["--smtp", "smtp://user@mail.example.com", "--mail-from", from], 2, "--smtp: ", "password"),
        (&["--smtp", "smtp://mail.example.com", "--mail-from", "Support"], 2, "--mail-from: ", "<support@example.com>"),
        (&["--smtp", "smtp://mail.example.com", "--mail-from", "a@b.de\r\nBcc: c@d.de"], 2, "--mail-from: ", "sender"),
        (
            &["--smtp", "smtp://u@h.de", "--mail-from", from, "--smtp-password-file", &open],
            1,
            "--smtp-password-file: ",
            "chmod 600",
        ),
        (
            &["--smtp", "smtp://u@h.de", "--mail-from", from, "--smtp-password-file", &empty],
            1,
            "--smtp-password-file: ",
            "one line",
        ),
        (
            &["--smtp", "smtp://u@h.de", "--mail-from", from, "--smtp-password-file", "none"],
            1,
            "--smtp-password-file: ",
            "could not be read",
        ),
        (
            &["--smtp", "smtp://u:p@h.de", "--mail-from", from, "--smtp-password-file", &good],
            2,
            "--smtp: ",
            "one password",
        ),
        (&["--smtp", "smtp://h.de", "--mail-from", from, "--smtp-password-file", &good], 2, "--smtp: ", "a user"),
        (&["--smtp", "smtp://mail.example.com"], 2, "--mail-from", "required"),
        (&["--mail-from", from], 2, "--smtp", "required"),
    ] {
        let output = world.try_run(&[&["serve", "--bind", "127.0.0.1:0"], arguments].concat());
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(
            stderr.contains(option) && stderr.contains(words) && !stderr.contains("hunter2"),
            "{arguments:?}: {stderr}"
        );
    }
}

#[test]
fn an_invalid_email_address_is_an_error_of_the_fixture() {
    let world = World::start();
    let file = world.file().with_file_name("bad.json");
    for bad in [json!("amina"), json!("a@b.de\r\nBcc: c@d.de"), json!("\"a\"@b.de"), json!(7)] {
        fs::write(&file, json!({"customers": [{"id": 200, "name": "A", "email": bad}]}).to_string()).unwrap();
        let output = world.try_run(&["fixtures", "load", file.to_str().unwrap()]);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(
            stderr.starts_with("error: ") && stderr.contains("bad.json: customers[0].email: the value must be "),
            "{stderr}"
        );
    }
}
