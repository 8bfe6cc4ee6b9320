//! Limit on the size of files (`ulimit -f`): writes are refused, reads succeed, and the process lives.

use std::fs;
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use crate::executable::{attempt, command_after};
use crate::world::{World, eventually, ride_ticket};

/// Sets the server's soft limit on the size of files, in bytes.
fn limit_file_size(world: &World, bytes: Option<u64>) {
    let pid = Pid::from_raw(i32::try_from(world.pid()).unwrap());
    prlimit(pid, Resource::Fsize, Rlimit { current: bytes, maximum: None }).unwrap();
}

#[test]
fn a_server_at_its_limit_on_file_sizes_refuses_writes_and_serves_reads() {
    let world = World::start();
    let kept = world.amina().create_ride_ticket("before");
    limit_file_size(&world, Some(fs::metadata(world.file()).unwrap().len()));
    let refused = eventually(Duration::from_mins(1), || {
        let answer = world.amina().create(&ride_ticket());
        (answer.status != 200).then_some(answer)
    });
    refused.assert_refused(503, "SUPPORT_TICKET_FAILED");
    assert_eq!(world.amina().track(kept).assert_ok().data()["status"], "OPEN");
    eventually(Duration::from_mins(1), || {
        let answer = world.request_to("GET", "/readyz").send();
        (answer.status == 503).then_some(())
    });
    world.amina().list("").assert_ok();
    limit_file_size(&world, None);
    world.amina().close(kept).assert_ok();
    world.request_to("GET", "/readyz").send().assert_status(200);
    world.run(&["audit", "verify"]);
}

#[test]
fn a_command_at_its_limit_on_file_sizes_fails_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    crate::executable::run(folder.path(), &["fixtures", "load", "demo"]);
    let before = attempt(folder.path(), &["ticket", "list", "--all", "--format", "json"]).stdout;
    let mut close = command_after("ulimit -f 1", folder.path());
    let output = close.args(["ticket", "close", "1"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(attempt(folder.path(), &["ticket", "list", "--all", "--format", "json"]).stdout, before);
}
