//! `GET /healthz` and `GET /readyz`: liveness and readiness.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::Request;
use crate::executable::Server;
use crate::world::{World, eventually};

#[test]
fn health_checks_need_no_token() {
    let world = World::start();
    for target in ["/healthz", "/readyz"] {
        world.request_to("GET", target).send().assert_status(200).assert_common_headers();
        world.request_to("GET", target).bearer("wrong").send().assert_status(200);
        let head = world.request_to("HEAD", target).send();
        head.assert_status(200).assert_common_headers();
        assert!(head.body.is_empty());
    }
}

#[test]
fn a_locked_store_is_not_ready_until_it_is_unlocked() {
    let world = World::start();
    world.request_to("GET", "/readyz").send().assert_status(200);
    let lock = world.lock_store();
    let answer = eventually(Duration::from_secs(10), || {
        let answer = world.request_to("GET", "/readyz").send();
        (answer.status != 200).then_some(answer)
    });
    answer.assert_refused(503, "SUPPORT_TICKET_FAILED").assert_fields(&[]);
    let wait: u64 = answer.header("retry-after").expect("Retry-After").parse().unwrap();
    assert!(wait > 0);
    world.request_to("GET", "/healthz").send().assert_status(200);
    world.request_to("HEAD", "/readyz").send().assert_status(503);
    drop(lock);
    eventually(Duration::from_secs(10), || {
        let answer = world.request_to("GET", "/readyz").send();
        (answer.status == 200).then_some(())
    });
}

#[test]
fn a_store_whose_file_was_moved_is_not_ready_and_rejects_writes_until_it_is_back() {
    let world = World::start();
    let ticket = world.amina().create_ride_ticket("before");
    let away = world.file().with_file_name("away.db");
    std::fs::rename(world.file(), &away).unwrap();
    world.amina().close(ticket).assert_refused(503, "SUPPORT_TICKET_FAILED");
    eventually(Duration::from_secs(10), || {
        let answer = world.request_to("GET", "/readyz").send();
        (answer.status == 503).then_some(())
    });
    assert_eq!(world.amina().track(ticket).assert_ok().data()["status"], "OPEN");
    world.log_lines("Displaced");
    std::fs::rename(&away, world.file()).unwrap();
    world.amina().close(ticket).assert_ok();
    world.request_to("GET", "/readyz").send().assert_status(200);
}

#[test]
fn probes_of_a_locked_store_share_one_check() {
    let world = World::start();
    let _lock = world.lock_store();
    let (asked, all) = (Instant::now(), Barrier::new(20));
    thread::scope(|scope| {
        let probes: Vec<_> = (0..20)
            .map(|_| {
                scope.spawn(|| {
                    all.wait();
                    world.request_to("GET", "/readyz").send()
                })
            })
            .collect();
        for probe in probes {
            probe.join().unwrap().assert_refused(503, "SUPPORT_TICKET_FAILED");
        }
    });
    // One check after another would take 40 s.
    assert!(asked.elapsed() < Duration::from_secs(20), "{:?}", asked.elapsed());
}

/// Small file system in memory, unmounted on drop.
struct SmallFileSystem(PathBuf);

impl SmallFileSystem {
    /// Mounts one at this folder; `None` without the privilege.
    fn mount(folder: &Path) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=8m", "none"]).arg(folder).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then(|| Self(folder.to_owned()))
    }

    /// Fills it with a file, which is returned.
    fn fill(&self) -> PathBuf {
        let path = self.0.join("filling");
        let mut file = File::create(&path).unwrap();
        loop {
            match file.write(&[0; 4_096]) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => return path,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

impl Drop for SmallFileSystem {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_not_ready_until_it_has_room() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallFileSystem::mount(folder.path()) else { return };
    let server = Server::start(folder.path(), &[]);
    let ready = || Request::new(server.address, "GET", "/readyz").send();
    ready().assert_status(200);
    // Leaves a WAL whose space later checks use again.
    let store = rusqlite::Connection::open(folder.path().join("support.db")).unwrap();
    for _ in 0..200 {
        store.execute("UPDATE pulse SET at = at + 1", []).unwrap();
    }
    store.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
    drop(store);
    for _ in 0..2 {
        let filling = disk.fill();
        let answer = eventually(Duration::from_secs(10), || Some(ready()).filter(|answer| answer.status != 200));
        answer.assert_refused(503, "SUPPORT_TICKET_FAILED");
        std::fs::remove_file(filling).unwrap();
        ready().assert_status(200);
    }
    drop(server);
}
