//! Commands that run concurrently with a server and with each other.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::world::World;

/// Server process that is killed on drop.
pub(crate) struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn serve(world: &World) -> Server {
    let mut command = world.command("serve --bind 127.0.0.1:0").into_command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("support listening on http://127.0.0.1:"), "{line:?}");
    Server(child)
}

#[test]
fn commands_work_while_a_server_runs() {
    let world = World::small();
    let _server = serve(&world);
    world.run("ticket close 1 --award").success();
    world.run("ticket escalate 2").success();
    world.run("token issue --customer 1").success();
    world.run("points grant --customer 1 --points 1 --reason x").success();
    world.run("fixtures load fixture.json").success();
    assert_eq!(world.ticket_ids("--status CLOSED"), [3, 1]);
    assert_eq!(world.json("points balance --customer 1")["points"], 6);
}

#[test]
fn concurrent_commands_lose_no_update() {
    let world = World::small();
    let grant = "points grant --customer 1 --points 1 --reason x";
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..5).for_each(|_| drop(world.run(grant).success())));
        }
    });
    assert_eq!(world.json("points balance --customer 1")["points"], 20);
}

#[test]
fn concurrent_closes_of_a_ticket_close_it_once() {
    let world = World::small();
    let codes = std::thread::scope(|scope| {
        let threads = [(); 4].map(|()| scope.spawn(|| world.run("ticket close 1 --award").code));
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(codes.iter().sum::<i32>(), 3, "{codes:?}");
    assert_eq!(world.json("points balance --customer 1")["points"], 5);
}
